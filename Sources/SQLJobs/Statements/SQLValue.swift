/// A value that goes with a statement, nil for NULL.
public enum SQLValue: Equatable, Sendable {
    /// A whole number.
    case integer(Int64?)
    /// A text.
    case text(String?)
    /// Bytes.
    case bytes([UInt8]?)

    /// A whole number.
    public static func count(_ value: Int) -> SQLValue { .integer(Int64(value)) }
}
