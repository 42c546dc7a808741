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

    /// The failure as callers of a store know it.
    func error(operation: String) -> JobsError {
        switch state {
        case "53100": .noSpace  // disk full
        case "55P03", "57014": .busy  // a lock, or the statement, took too long
        default: .failed(operation: operation, reason: reason)
        }
    }
}
