import Foundation
import Testing

@testable import PostgresStore

/// The database of the test run, of which every test has a schema of its own.
enum TestDatabase {
    /// Its address; nil where the tests were started without one.
    static let address = ProcessInfo.processInfo.environment["TEST_POSTGRES"]

    static let isThere: Comment = "TEST_POSTGRES names no database; ./test starts one"

    /// What `body` returns for the database's address and the name of a schema that nobody else uses.
    static func withSchema<Result>(_ body: (_ address: String, _ schema: String) throws -> Result) throws -> Result {
        let address = try #require(address)
        let schema = "test_\(UUID().uuidString.lowercased().prefix(13))"
        defer {
            // A test that failed may have left transactions open that hold a lock on it: these end with its store.
            try? PostgresConnection(address: address, schema: "public").execute(
                "DROP SCHEMA IF EXISTS \(PostgresConnection.quoted(schema)) CASCADE")
        }
        return try body(address, schema)
    }
}
