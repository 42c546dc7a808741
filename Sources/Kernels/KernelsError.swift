/// What data can do to a kernel; wrong shapes are the caller's fault and trap.
public enum KernelsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A NaN where the operation's result would depend on it in an undefined way.
    case notANumber(operation: String)
    /// A position outside the plane it points into.
    case switchOutOfRange(operation: String, limit: Int)

    /// The error in words.
    public var description: String {
        switch self {
        case .notANumber(let operation):
            "\(operation): a value is not a number (NaN)"
        case .switchOutOfRange(let operation, let limit):
            "\(operation): a switch lies outside its plane of \(limit) positions"
        }
    }
}
