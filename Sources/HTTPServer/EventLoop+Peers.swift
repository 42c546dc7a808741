internal import HTTP
internal import HTTPTypes

/// No client can take the places of the others.
///
/// - A peer has at most `maximumConnectionsPerPeer` connections. A few more are kept open, to be told so at their first
///   request; beyond those a connection is closed at once. So however many connections a peer opens, and however silent
///   they are, it holds no more places than that.
/// - At the limit of all connections, idle ones make way for new ones: those of the peer that has most. Many addresses
///   of one attacker lose their places to a new client before a client with a few connections does.
/// - The connections of a trusted proxy carry many clients, so that their number says nothing: there the requests in
///   flight of each client are counted instead.
extension EventLoop {
    /// Connections over a peer's limit that are kept for their 429.
    static let spareConnections = 16

    /// Whether the peer may have another connection, if only to be told that it has too many.
    mutating func mayConnect(_ peer: IPAddress?) -> Bool {
        guard let peer, peers[peer] >= core.configuration.maximumConnectionsPerPeer + Self.spareConnections else {
            return true
        }
        core.counters.peerRefusals.add(1)
        return false
    }

    /// Counts a new connection for its peer.
    mutating func count(_ connection: Connection) {
        guard let peer = connection.countedPeer else { return }
        connection.isOverLimit = peers[peer] >= core.configuration.maximumConnectionsPerPeer
        peers.add(peer)
    }

    /// How many connections the peer of this one has; a proxy or a Unix-domain socket's peer counts as having one.
    mutating func share(of connection: Connection) -> Int {
        connection.countedPeer.map { peers[$0] } ?? 1
    }

    /// Who sends a request on the connection.
    mutating func caller(of head: RequestHead?, on connection: Connection) -> Caller {
        guard connection.isProxy, let head else { return connection.caller }
        return core.configuration.trustedProxies.client(of: head.fields, from: connection.caller)
    }

    /// Why the client of the request that has just begun is to be refused it, or nil.
    mutating func peerLimit(of connection: Connection) -> HTTPError? {
        let limit = core.configuration.maximumConnectionsPerPeer
        if connection.isOverLimit, let peer = connection.countedPeer {
            if peers[peer] > limit { return .tooManyConnections(limit: limit) }
            // Others have closed meanwhile.
            connection.isOverLimit = false
        }
        if let client = connection.exchange.countedClient, clients[client] > limit {
            return .tooManyRequests(limit: limit)
        }
        return nil
    }
}
