internal import Concurrency
internal import HTTP

/// What clients make the server hold for them is bounded, and the bound is not theirs to use up: when it is reached, the
/// clients that take or give their bytes most slowly lose their connections.
///
/// A client that reads or sends just enough to meet the deadlines costs an attacker nothing; refusing the newcomer
/// instead would let a few such clients shut everybody out. Who began less than a second ago is left alone: nothing can
/// be said of its speed.
extension EventLoop {
    /// How long a transfer is left alone.
    private static let grace = Timeout.seconds(1)
    /// Answers of this size are always taken: refusals, health checks.
    static let smallAnswer = 4096

    /// Whether an answer of so many bytes, not a small one, may be held for its client; may close the connections of slow
    /// ones.
    mutating func makeRoom(forOutput count: Int) -> Bool {
        let maximum = core.configuration.maximumHeldOutputBytes
        guard heldOutputBytes + count > maximum else { return true }
        let slow = slowest { connection in
            let exchange = connection.exchange
            guard connection.heldOutputBytes > 0, exchange.isOpen, let start = exchange.answerStart else { return nil }
            return (exchange.sentBytes, start)
        }
        for connection in slow {
            guard heldOutputBytes > 0, heldOutputBytes + count > maximum else { break }
            core.counters.slowClients.add(1)
            connection.state.lose()
            advance(connection)
        }
        return heldOutputBytes == 0 || heldOutputBytes + count <= maximum
    }

    /// Whether the body fits into what the server holds at once; it then counts until its request is over.
    ///
    /// Slow clients that send one may be refused theirs.
    mutating func reserveBody(of head: RequestHead, for connection: Connection) -> Bool {
        let maximum = core.configuration.maximumHeldBodyBytes
        let bytes =
            switch head.bodyLength {
            case .none: 0
            case .fixed(let count): count
            case .chunked: core.configuration.limits.maximumBodyBytes
            }
        if heldBodyBytes + bytes > maximum { abandonSlowBodies(until: maximum - bytes) }
        guard heldBodyBytes == 0 || heldBodyBytes + bytes <= maximum else {
            core.counters.refused.add(1)
            return false
        }
        heldBodyBytes += bytes
        connection.heldBodyBytes = bytes
        return true
    }

    /// Bodies whose storage is worth keeping; one is kept.
    ///
    /// Fresh memory of that size comes from the system page by page, which takes longer than reading the body does.
    private static let keptBodies = (64 << 10)...(8 << 20)

    /// Storage to read a body into.
    mutating func storage(forBodyOf head: RequestHead) -> [UInt8] {
        guard case .fixed(let count) = head.bodyLength, Self.keptBodies.contains(count) else { return [] }
        var storage: [UInt8] = []
        swap(&storage, &spareBody)
        return storage
    }

    /// Keeps the storage of a body that has been dealt with.
    ///
    /// Should its handler still hold it when it is to be used again, new storage takes its place.
    mutating func keepStorage(of body: [UInt8]) {
        if Self.keptBodies.contains(body.capacity), body.capacity >= spareBody.capacity { spareBody = body }
    }

    /// Gives back what the connection's body counted.
    mutating func releaseBody(of connection: Connection) {
        heldBodyBytes -= connection.heldBodyBytes
        connection.heldBodyBytes = 0
    }

    /// Counts what the connection's output takes now.
    mutating func countOutput(of connection: Connection, _ standing: ConnectionState.Standing) {
        let bytes = standing.heldOutputByteCount
        heldOutputBytes += bytes - connection.heldOutputBytes
        connection.heldOutputBytes = bytes
    }

    private mutating func abandonSlowBodies(until limit: Int) {
        let slow = slowest { connection in
            guard connection.heldBodyBytes > 0, connection.state.isReadingBody, connection.exchange.isOpen else {
                return nil
            }
            return (connection.state.bufferedByteCount, connection.exchange.start)
        }
        for connection in slow {
            guard heldBodyBytes > 0, heldBodyBytes > limit else { return }
            core.counters.slowClients.add(1)
            connection.state.abandonBody(.bodyTimedOut, at: now.nanoseconds)
            releaseBody(of: connection)
            advance(connection)
        }
    }

    /// The connections with a transfer, the slowest first, but for those that have just begun theirs.
    private mutating func slowest(_ transfer: (Connection) -> (bytes: Int, start: Instant)?) -> [Connection] {
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
        guard crowd >= 1024, connections.count <= crowd / 4 else { return }
        crowd = connections.count
        Allocator.trim()
    }
}
