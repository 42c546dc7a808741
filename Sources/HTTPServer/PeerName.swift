/// The names of peers, as requests bear them.
public enum PeerName {
    /// What counts as one client: an IPv4 address, the /64 of an IPv6 address (RFC 6177 gives a site at least one), or the
    /// name itself where it is no address.
    public static func client(of peer: String) -> String {
        guard let client = IPAddress(peer)?.client else { return peer }
        return client.isIPv4 ? peer : "\(String(client.high, radix: 16)):\(String(client.low, radix: 16))"
    }
}
