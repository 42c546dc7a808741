public import Jobs

/// A row of a result; a column that the statement does not ask for is an error of ours, and traps.
public protocol SQLRow {
    /// A whole number, nil for NULL.
    func optionalInteger(_ column: String) -> Int64?
    /// A text, nil for NULL.
    func optionalText(_ column: String) -> String?
    /// Bytes, nil for NULL.
    func optionalBytes(_ column: String) -> [UInt8]?
}

extension SQLRow {
    /// A whole number, which must be there.
    public func integer(_ column: String) throws(JobsError) -> Int64 { try present(optionalInteger(column), column) }

    /// A whole number, which must be there.
    public func count(_ column: String) throws(JobsError) -> Int { Int(try integer(column)) }

    /// A text, which must be there.
    public func text(_ column: String) throws(JobsError) -> String { try present(optionalText(column), column) }

    /// Bytes, which must be there.
    public func bytes(_ column: String) throws(JobsError) -> [UInt8] { try present(optionalBytes(column), column) }

    private func present<Value>(_ value: Value?, _ column: String) throws(JobsError) -> Value {
        guard let value else { throw .failed(operation: "read a row", reason: "its '\(column)' is NULL") }
        return value
    }
}
