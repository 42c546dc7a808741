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
        enqueuing + claiming + leasing + failing + ending + listing + duties + concurrency

    /// The fact, as a name.
    public var description: String { name }
}

/// What a store did otherwise than a fact says.
public struct Violation: Error, Equatable, CustomStringConvertible {
    /// What was expected, and what came, with the place in the suite.
    public let description: String
}

/// Throws unless both are equal.
func expect<Value: Equatable>(
    _ actual: Value, _ expected: Value, _ what: String = "", line: Int = #line, file: String = #fileID
) throws {
    if actual == expected { return }
    throw Violation(description: "\(file):\(line) \(what): \(actual) instead of \(expected)")
}

/// Throws unless `body` throws `error`.
func expectError(
    _ error: JobsError, line: Int = #line, file: String = #fileID, _ body: () throws -> Void
) throws {
    do {
        try body()
    } catch let thrown as JobsError {
        return try expect(thrown, error, "error", line: line, file: file)
    }
    throw Violation(description: "\(file):\(line): nothing was thrown instead of \(error)")
}

/// The value, which must be there.
func require<Value>(_ value: Value?, line: Int = #line, file: String = #fileID) throws -> Value {
    guard let value else { throw Violation(description: "\(file):\(line): nothing instead of a value") }
    return value
}
