internal import Concurrency
internal import HTTP

/// What clients make the server hold for them is bounded, and the bound is not theirs to use up: when it is reached, the
/// clients that take or give their bytes most slowly lose their connections, and no client holds more than its share.
///
/// A client that reads or sends just enough to meet the deadlines costs an attacker nothing; refusing the newcomer
/// instead would let a few such clients shut everybody out. Who began less than a second ago is left alone: nothing can
/// be said of its speed.
extension EventLoop {
    /// How long a transfer is left alone.
    private static let grace = Timeout.seconds(1)
    /// Answers of this size are always taken: refusals, health checks.
    static let smallAnswer = 4096
    /// One client has one of so many equal shares of what may be held for all.
    static let shares = 4

    /// Whose share the connection's bytes count in: its peer's, or behind a trusted proxy that of the client it forwards
    /// for; nil for those without limits of their own.
    func client(of connection: Connection) -> IPAddress? {
        connection.countedPeer ?? connection.exchange.countedClient
    }

    /// Why an answer of so many bytes, not a small one, may not be held for its client; nil if it may.
    ///
    /// The connections of slow clients may be closed. One answer alone may always be held, of a client and of all.
    mutating func refusal(ofOutput count: Int, for connection: Connection) -> HTTPError? {
        let maximum = core.configuration.maximumHeldOutputBytes
        let share = maximum / Self.shares
        let others = heldOutput.others(than: connection.heldOutput, of: client(of: connection))
        if others > 0, others + count > share { return .tooManyBytes(limit: share) }
        guard heldOutput.total + count > maximum else { return nil }
        let slow = slowest { connection in
            let exchange = connection.exchange
            guard connection.heldOutput.bytes > 0, exchange.isOpen, let start = exchange.answerStart else { return nil }
            return (exchange.sentBytes, start)
        }
        for connection in slow {
            guard heldOutput.total > 0, heldOutput.total + count > maximum else { break }
            core.counters.slowClients.add(1)
            connection.state.lose()
            advance(connection)
        }
        return heldOutput.total == 0 || heldOutput.total + count <= maximum ? nil : .overloaded
    }

    /// Counts what the connection's output takes now.
    mutating func countOutput(of connection: Connection, _ standing: ConnectionState.Standing) {
        let bytes = standing.heldOutputByteCount
        guard bytes != connection.heldOutput.bytes else { return }
        heldOutput.set(&connection.heldOutput, to: bytes, for: client(of: connection))
    }

    /// The connections with a transfer, the slowest first, but for those that have just begun theirs.
    mutating func slowest(_ transfer: (Connection) -> (bytes: Int, start: Instant)?) -> [Connection] {
        connections.all
            .compactMap { connection -> (connection: Connection, rate: Double)? in
                guard let (bytes, start) = transfer(connection), now - start >= Self.grace else { return nil }
                return (connection, Double(bytes) / (now - start).seconds)
            }
            .sorted { $0.rate < $1.rate }.map(\.connection)
    }

    /// Gives memory back to the system once most of a crowd of connections has gone: it lies in pieces between what is
    /// in use, most of all that of TLS, where the allocator would keep it.
    mutating func trimAfterCrowd() {
        if crowd.shrink(to: connections.count) { Allocator.trim() }
    }
}
