/// Why a store could not do what it was asked.
public enum BlobError: Error, Equatable, Sendable {
    /// So many bytes do not fit into the quota beside what must stay.
    case full(byteCount: Int, maximum: Int)
    /// The medium is full, or the system's own quota is reached (ENOSPC, EDQUOT).
    case noSpace
    /// The system refused an operation on a file; `code` is its error number.
    case failed(operation: String, path: String, code: Int32)
    /// The database that keeps the bytes cannot be reached, and may be again; `reason` says why, and what to check.
    case away(reason: String)
    /// The database that keeps the bytes, or the way to it, refused; `reason` is its own.
    case refused(operation: String, reason: String)
}

extension BlobError: CustomStringConvertible {
    /// What was refused, in words.
    public var description: String {
        switch self {
        case .full(let byteCount, let maximum):
            "\(byteCount) bytes do not fit into the store's \(maximum) beside what is kept"
        case .noSpace: "the medium of the store is full"
        case .failed(let operation, let path, let code):
            "cannot \(operation) '\(path)': \(FileCalls.reason(of: code))"
        case .away(let reason): "cannot reach the database: \(reason)"
        case .refused(let operation, let reason): "cannot \(operation): \(reason)"
        }
    }
}
