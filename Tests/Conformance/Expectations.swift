/// What a store did otherwise than a fact says.
package struct Violation: Error, Equatable, CustomStringConvertible {
    /// What was expected, and what came, with the place in the suite.
    package let description: String
}

/// Throws unless both are equal.
package func expect<Value: Equatable>(
    _ actual: Value, _ expected: Value, _ what: String = "", line: Int = #line, file: String = #fileID
) throws {
    if actual == expected { return }
    throw Violation(description: "\(file):\(line) \(what): \(actual) instead of \(expected)")
}

/// Throws unless `body` throws `error`.
package func expectError<Expected: Error & Equatable>(
    _ error: Expected, line: Int = #line, file: String = #fileID, _ body: () throws -> Void
) throws {
    do {
        try body()
    } catch let thrown as Expected {
        return try expect(thrown, error, "error", line: line, file: file)
    }
    throw Violation(description: "\(file):\(line): nothing was thrown instead of \(error)")
}

/// The value, which must be there.
package func require<Value>(_ value: Value?, line: Int = #line, file: String = #fileID) throws -> Value {
    guard let value else { throw Violation(description: "\(file):\(line): nothing instead of a value") }
    return value
}
