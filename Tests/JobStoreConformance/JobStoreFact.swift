public import Jobs

/// One thing that is true of every store of jobs, and how it is found out.
public struct JobStoreFact: Sendable, CustomStringConvertible {
    /// The fact, as a name.
    public let name: String
    /// Throws ``Violation`` where it does not hold of an empty store.
    public let check: @Sendable (any JobStore) throws -> Void

    init(_ name: String, _ check: @escaping @Sendable (any JobStore) throws -> Void) {
        self.name = name
        self.check = check
    }

    /// Every fact there is.
    public static let all =
        enqueuing + claiming + leasing + working + failing + ending + listing + duties + concurrency

    /// The fact, as a name.
    public var description: String { name }
}
