/// How much each client has of something: connections, or requests in flight.
///
/// Only clients that have some take memory.
struct PeerTable {
    private var counts: [IPAddress: Int] = [:]

    /// How many clients have some.
    var clientCount: Int { counts.count }

    /// What the client has.
    subscript(_ client: IPAddress) -> Int { counts[client] ?? 0 }

    /// One more for the client.
    mutating func add(_ client: IPAddress) {
        counts[client, default: 0] += 1
    }

    /// One less for the client, who has some.
    mutating func remove(_ client: IPAddress) {
        guard let count = counts[client] else { preconditionFailure("a client that has none gives one up") }
        counts[client] = count > 1 ? count - 1 : nil
    }
}

extension IPAddress {
    /// What counts as one client: an IPv4 address, or the /64 that an IPv6 host may take any address of.
    ///
    /// All hosts of a link share the one prefix of link-local addresses, so each of these counts by itself.
    var client: IPAddress { isIPv4 || isLinkLocal ? self : masked(to: 64) }
}
