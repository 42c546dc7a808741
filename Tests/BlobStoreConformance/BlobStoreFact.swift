public import Blobs
public import Foundation

/// One thing that is true of every store of blobs, and how it is found out.
public struct BlobStoreFact: Sendable, CustomStringConvertible {
    /// Makes a store on the place of the trial, empty at the first time: as another process, or machine, would.
    public typealias Maker = (_ limits: BlobLimits, _ now: @escaping @Sendable () -> Date) throws -> any BlobStore

    /// The fact, as a name.
    public let name: String
    /// Throws where it does not hold of what is made.
    public let check: @Sendable (Maker) throws -> Void

    /// A fact about two stores on one place, or about one that is made again.
    init(ofShared name: String, _ check: @escaping @Sendable (Maker) throws -> Void) {
        self.name = name
        self.check = check
    }

    /// A fact about one store of 1000 bytes and 100 seconds.
    init(_ name: String, _ check: @escaping @Sendable (any BlobStore, TestClock) throws -> Void) {
        self.init(ofShared: name) { make in
            let clock = TestClock()
            try check(try make(.small) { clock.now }, clock)
        }
    }

    /// What is true of every store.
    public static let all = keeping + limits + owners

    /// What is true of every store whose blobs outlive the process.
    public static let durable = sharing

    /// The fact, as a name.
    public var description: String { name }
}

extension BlobLimits {
    static let small = BlobLimits(maximumBytes: 1000, maximumAge: 100)
}
