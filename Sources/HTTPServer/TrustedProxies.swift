internal import HTTP
internal import HTTPTypes

/// Proxies whose word on who the client is, and on its scheme, is taken.
///
/// `X-Forwarded-For` and `Forwarded` (RFC 7239) are read from the right: each proxy adds the address it was called
/// from, so that the rightmost one that is no trusted proxy itself is the client, and whatever stands left of it may be
/// the client's invention. Where the two fields name different clients, one of them was not written by the proxy but
/// let through; then, as where the address is hidden or malformed, the proxy itself counts as the client. The scheme is
/// that of `X-Forwarded-Proto`, else of `Forwarded`: a trusted proxy must set the fields it does not let through.
public struct TrustedProxies: Sendable, Equatable {
    private struct Network: Sendable, Equatable {
        var base: IPAddress
        var prefixLength: Int

        func contains(_ address: IPAddress) -> Bool {
            address.isIPv4 == base.isIPv4 && address.masked(to: prefixLength) == base
        }
    }

    private var networks: [Network] = []
    private var trustsUnixSockets = false

    /// No proxies: the client is whoever has connected.
    public init() {}

    /// The proxies that `texts` name: addresses (`192.0.2.7`), ranges of them (`10.0.0.0/8`, `2001:db8::/32`), or
    /// `unix` for whoever connects to a Unix-domain socket.
    ///
    /// Throws `HTTPServerError.badProxy` with the reason.
    public init(_ texts: [String]) throws(HTTPServerError) {
        for text in texts {
            if text == "unix" {
                trustsUnixSockets = true
            } else {
                networks.append(try Self.network(text))
            }
        }
    }

    private static func network(_ text: String) throws(HTTPServerError) -> Network {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard !parts[0].contains("%"), let base = IPAddress(parts[0]) else {
            throw .badProxy(text, reason: "it is neither an address nor a range of addresses nor 'unix'")
        }
        let longest = base.isIPv4 ? 32 : 128
        guard parts.count == 2 else { return Network(base: base, prefixLength: longest) }
        guard let length = Int(parts[1]), (0...longest).contains(length), parts[1].utf8.first != UInt8(ascii: "+")
        else { throw .badProxy(text, reason: "the length of its prefix must be a number from 0 to \(longest)") }
        guard base.masked(to: length) == base else {
            throw .badProxy(text, reason: "its address has bits behind the first \(length)")
        }
        return Network(base: base, prefixLength: length)
    }

    /// Whether the peer of a connection is such a proxy.
    func contains(_ peer: Caller) -> Bool {
        guard let address = peer.address else { return trustsUnixSockets && peer.isLocal }
        return contains(address)
    }

    private func contains(_ address: IPAddress) -> Bool {
        networks.contains { $0.contains(address) }
    }

    /// Who sent the request that a trusted proxy forwards.
    func client(of fields: HTTPFields, from proxy: Caller) -> Caller {
        let listed = ForwardedHop.hops(xForwardedFor: fields[values: .xForwardedFor])
        let standard = ForwardedHop.hops(forwarded: fields[values: .forwarded])
        let told = ForwardedHop.scheme(xForwardedProto: fields[values: .xForwardedProto])
        var client = client(named: [listed, standard].filter { !$0.isEmpty }) ?? proxy
        client.scheme = told ?? standard.last?.scheme ?? proxy.scheme
        return client
    }

    /// The client on whom all lists agree; nil if there is none, or no list.
    private func client(named lists: [[ForwardedHop]]) -> Caller? {
        let clients = lists.map { client(in: $0) }
        guard let first = clients.first, let client = first, clients.allSatisfy({ $0?.address == client.address })
        else { return nil }
        return client
    }

    /// The nearest address that is no trusted proxy, or the farthest if all are; nil if an unreadable one comes first.
    private func client(in hops: [ForwardedHop]) -> Caller? {
        var client: Caller?
        for hop in hops.reversed() {
            guard let host = hop.host, let address = IPAddress(host) else { return nil }
            client = Caller(name: host, address: address)
            if !contains(address) { break }
        }
        return client
    }
}

extension HTTPField.Name {
    fileprivate static let xForwardedFor = known("X-Forwarded-For")
    fileprivate static let xForwardedProto = known("X-Forwarded-Proto")
    fileprivate static let forwarded = known("Forwarded")

    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no field name") }
        return name
    }
}
