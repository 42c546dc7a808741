internal import Concurrency
internal import Jobs

/// A few connections that threads take turns at, opened when they are needed and again when they were lost.
final class PostgresPool: Sendable {
    private let address: String
    private let schema: String
    private let most: Int
    private let state = Guarded(State())
    private let returned = Condition()

    private struct State {
        var free: [Loan] = []
        var lent = 0
    }

    /// A connection, with the one thread that has it.
    private struct Loan: Sendable {
        let connection: PostgresConnection
    }

    /// Up to `most` connections to the server at `address`; names are looked up in `schema`.
    init(address: String, schema: String, most: Int) {
        precondition(most >= 1, "a pool of \(most) connections")
        (self.address, self.schema, self.most) = (address, schema, most)
    }

    /// What `body` returns, its changes made in one transaction; none of them is made where it throws.
    ///
    /// The transaction is tried again where others were in its way, and where the connection was lost before it was to
    /// be committed; not where it was lost during that, since then nobody knows what became of it. So `body` may run
    /// several times.
    ///
    /// - Parameters:
    ///   - isDurable: whether to wait until the transaction survives a crash of the server; if not, one within the last
    ///     second may be undone by that, wholly.
    ///   - throwing: the error that a refusal comes to; those of it that `body` throws pass through.
    func transaction<Value, Failure: PostgresStoreError>(
        _ operation: String, isDurable: Bool = true, throwing: Failure.Type = JobsError.self,
        _ body: (PostgresConnection) throws -> Value
    ) throws(Failure) -> Value {
        var attempt = 1
        while true {
            do {
                return try once(isDurable, body)
            } catch let error as Failure {
                throw error
            } catch let failure as PostgresFailure {
                let isWorthRetrying = failure.isWorthRetrying || (failure.isConnectionLost && attempt < 3)
                guard isWorthRetrying, attempt < 20 else { throw .refused(failure, operation: operation) }
                attempt += 1
            } catch {
                // Asked again the store says what became of it: every call may be made twice.
                let failure = PostgresFailure(state: nil, reason: "\(error)", isConnectionLost: error is CommitFailure)
                throw .refused(failure, operation: operation)
            }
        }
    }

    private func once<Value>(_ isDurable: Bool, _ body: (PostgresConnection) throws -> Value) throws -> Value {
        let loan = try take()
        defer { giveBack(loan) }
        let connection = loan.connection
        try connection.execute(isDurable ? "BEGIN" : "BEGIN; SET LOCAL synchronous_commit TO off")
        let value: Value
        do {
            value = try body(connection)
        } catch {
            // Where it fails the connection is not used again.
            if connection.isUp { try? connection.execute("ROLLBACK") }
            throw error
        }
        do {
            try connection.execute("COMMIT")
        } catch let failure as PostgresFailure where failure.isConnectionLost {
            throw CommitFailure(reason: failure.reason)
        }
        return value
    }

    private func take() throws -> Loan {
        let free: Loan?? = state.wait(for: returned) { state in
            if let free = state.free.popLast() {
                state.lent += 1
                return .some(free)
            }
            if state.lent == most { return nil }
            state.lent += 1
            return .some(nil)
        }
        if let loan = free ?? nil { return loan }
        do {
            return Loan(connection: try PostgresConnection(address: address, schema: schema))
        } catch {
            state.withLock { $0.lent -= 1 }
            returned.notifyOne()
            throw error
        }
    }

    private func giveBack(_ loan: Loan) {
        let (isUp, isIdle) = (loan.connection.isUp, loan.connection.isIdle)
        state.withLock { state in
            state.lent -= 1
            // The others are most likely lost too, and would fail one after the other.
            if !isUp { state.free.removeAll() }
            // One that a statement was cancelled on may still be inside of its transaction.
            if isIdle { state.free.append(loan) }
        }
        returned.notifyOne()
    }
}

/// The connection was lost while a transaction was committed.
private struct CommitFailure: Error, CustomStringConvertible {
    let reason: String
    var description: String { "the connection was lost, and whether it was done is not known: \(reason)" }
}

// @unchecked because a connection is with one thread at a time: the pool hands it out once until it is given back.
extension PostgresConnection: @unchecked Sendable {}
