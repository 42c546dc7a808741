internal import Concurrency
internal import HTTP

/// Bodies of requests take memory as they come, and count what they take: what a client only claims to send takes
/// nothing, and shuts nobody out.
extension EventLoop {
    /// Answers that the body of a request may come, or why it may not.
    mutating func acceptBody(of head: RequestHead, on connection: Connection) {
        if let error = refusal(ofBodyOf: head, on: connection) {
            if error == .overloaded { core.counters.refused.add(1) }
            return refuse(connection, with: error, head: head)
        }
        connection.state.acceptBody(in: storage(forBodyOf: head, on: connection), at: now.nanoseconds)
        connection.hasBody = true
        countBody(of: connection)
    }

    /// Counts what the connection's body takes now; false if it has grown, found no room and was given up.
    @discardableResult
    mutating func countBody(of connection: Connection) -> Bool {
        let bytes = connection.state.heldBodyByteCount
        guard bytes > connection.heldBody.bytes else { return true }
        if let error = refusal(ofShare: bytes, room: bytes, for: connection) {
            if error == .overloaded { core.counters.refused.add(1) }
            connection.state.abandonBody(error, at: now.nanoseconds)
            releaseBody(of: connection)
            return false
        }
        heldBodies.set(&connection.heldBody, to: bytes, for: client(of: connection))
        return true
    }

    /// Gives back what the connection's body counted.
    mutating func releaseBody(of connection: Connection) {
        guard connection.hasBody else { return }
        connection.hasBody = false
        heldBodies.set(&connection.heldBody, to: 0, for: nil)
    }

    /// Why a body may not come, as far as that is known before it does: it would go over its client's share, or there is
    /// no room to begin with it.
    private mutating func refusal(ofBodyOf head: RequestHead, on connection: Connection) -> HTTPError? {
        let most = core.configuration.limits.maximumBodyBytes
        let length =
            switch head.bodyLength {
            case .none: 0
            case .fixed(let count): count
            case .chunked: min(RequestParser.firstBodyBytes, most)
            }
        return refusal(ofShare: length, room: min(length, RequestParser.firstBodyBytes), for: connection)
    }

    /// What bodies of one client may take together.
    private var bodyShare: Int {
        max(core.configuration.maximumHeldBodyBytes / Self.shares, core.configuration.limits.maximumBodyBytes)
    }

    /// Whether the connection's body may take so many bytes of its client's share.
    private func hasShare(_ bytes: Int, for connection: Connection) -> Bool {
        let client = client(of: connection)
        let others = heldBodies.others(than: connection.heldBody, of: client)
        return client == nil || others + bytes <= bodyShare
    }

    /// Why the connection's body may not take so many bytes of its client's share and of the room for all; nil if it may.
    ///
    /// Slower clients that send one may lose theirs. One body alone may always be held.
    private mutating func refusal(ofShare share: Int, room bytes: Int, for connection: Connection) -> HTTPError? {
        guard hasShare(share, for: connection) else { return .tooManyBytes(limit: bodyShare) }
        let limit = core.configuration.maximumHeldBodyBytes - bytes
        if heldBodies.total - connection.heldBody.bytes > limit { abandonSlowBodies(for: connection, until: limit) }
        let others = heldBodies.total - connection.heldBody.bytes
        return others == 0 || others <= limit ? nil : .overloaded
    }

    /// Gives up bodies, the slowest first, until those besides the connection's own take no more than the limit, or its
    /// own is the slowest that is left.
    private mutating func abandonSlowBodies(for newcomer: Connection, until limit: Int) {
        let slow = slowest { connection in
            guard connection.heldBody.bytes > 0, connection.state.isReadingBody, connection.exchange.isOpen else {
                return nil
            }
            return (connection.state.bufferedByteCount, connection.exchange.start)
        }
        for connection in slow {
            let others = heldBodies.total - newcomer.heldBody.bytes
            guard connection !== newcomer, others > 0, others > limit else { return }
            core.counters.slowClients.add(1)
            connection.state.abandonBody(.bodyTimedOut, at: now.nanoseconds)
            releaseBody(of: connection)
            advance(connection)
        }
    }

    /// Bodies whose storage is worth keeping; one is kept.
    ///
    /// Fresh memory of that size comes from the system page by page, which takes longer than reading the body does.
    static let keptBodies = (64 << 10)...(8 << 20)

    /// Storage to read a body into, if all of it may be held.
    private mutating func storage(forBodyOf head: RequestHead, on connection: Connection) -> [UInt8] {
        guard case .fixed(let count) = head.bodyLength, Self.keptBodies.contains(count) else { return [] }
        let room = spareBody.capacity
        guard room > 0, heldBodies.total + room <= core.configuration.maximumHeldBodyBytes,
            hasShare(room, for: connection)
        else { return [] }
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
}
