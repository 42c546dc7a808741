internal import Blobs
internal import Jobs

/// What the server, or the way to it, refused.
struct PostgresFailure: Error, Equatable {
    /// PostgreSQL's five characters for it (appendix A of its manual); nil where the server did not answer.
    let state: String?
    /// The reason, in the words of the server or of libpq.
    let reason: String
    /// Whether nothing more can be asked on this connection, or there was none to begin with.
    let isConnectionLost: Bool

    /// There is no connection, for a reason in the words of libpq.
    ///
    /// Where these are about the address itself, what they quote of it may be a password, and is left out.
    static func unreachable(_ words: String) -> PostgresFailure {
        // Questions are libpq's own advice.
        let lines = words.split(whereSeparator: \.isNewline).filter { $0.last != "?" }.map { line in
            let line = line.drop { $0.isWhitespace }
            let isAboutAServer = line.hasPrefix("connection to server")
            guard !isAboutAServer, let first = line.firstIndex(of: "\""), let last = line.lastIndex(of: "\"") else {
                return String(line)
            }
            let quoted = line[first...last].dropFirst().dropLast()
            let isHost =
                line.hasPrefix("could not translate host name")
                && quoted.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_".contains($0)) }
            return isHost ? String(line) : line[..<first] + "\"…\"" + line[last...].dropFirst()
        }
        let advice = "check the address, that the server runs there, and that it lets this user in"
        return PostgresFailure(
            state: nil, reason: lines.joined(separator: " ") + "; " + advice, isConnectionLost: true)
    }

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
        if failure.isConnectionLost { return .away(reason: failure.reason) }
        return failure.isBusy ? .busy : .failed(operation: operation, reason: failure.reason)
    }
}

extension BlobError: PostgresStoreError {
    static func refused(_ failure: PostgresFailure, operation: String) -> BlobError {
        if failure.isFull { return .noSpace }
        if failure.isConnectionLost { return .away(reason: failure.reason) }
        return .refused(operation: operation, reason: failure.reason)
    }
}
