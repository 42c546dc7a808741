internal import Blobs
internal import Jobs

/// What the server, or the way to it, refused.
struct PostgresFailure: Error, Equatable {
    /// PostgreSQL's five characters for it (appendix A of its manual); nil where the server did not answer.
    let state: String?
    /// The reason, in the words of the server or of libpq.
    let reason: String
    /// Whether nothing more can be asked on this connection.
    let isConnectionLost: Bool

    /// Whether the transaction may well succeed when it is tried again: others were in its way, or were faster.
    var isWorthRetrying: Bool {
        switch state {
        case "40001", "40P01": true  // serialization failure, deadlock
        case "23505", "23503": true  // somebody has put in the same row, or removed the one that was referred to
        default: false
        }
    }

    /// Whether the server's disk is full.
    var isFull: Bool { state == "53100" }

    /// Whether a lock, or the statement, took too long.
    var isBusy: Bool { state == "55P03" || state == "57014" }
}

/// An error of a store, as its callers know it.
protocol PostgresStoreError: Error {
    /// What an operation that the database refused comes to.
    static func refused(_ failure: PostgresFailure, operation: String) -> Self
}

extension JobsError: PostgresStoreError {
    static func refused(_ failure: PostgresFailure, operation: String) -> JobsError {
        if failure.isFull { return .noSpace }
        return failure.isBusy ? .busy : .failed(operation: operation, reason: failure.reason)
    }
}

extension BlobError: PostgresStoreError {
    static func refused(_ failure: PostgresFailure, operation: String) -> BlobError {
        failure.isFull ? .noSpace : .refused(operation: operation, reason: failure.reason)
    }
}
