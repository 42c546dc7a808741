import Foundation
import Testing

/// The database of the test run, whose schema `switchback` programs share.
enum SharedStore {
    /// Its address; nil where the tests were started without one.
    static let address = ProcessInfo.processInfo.environment["TEST_POSTGRES"]

    static let isThere: Comment = "TEST_POSTGRES names no database; ./test starts one"
}
