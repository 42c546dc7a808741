/// Who a connection or a request comes from.
struct Caller: Equatable, Sendable {
    /// What a Unix-domain socket's peer is called.
    static let localName = "unix"

    /// The numeric address as it was told, or `unix`.
    var name: String
    /// Nil where there is none.
    var address: IPAddress?
    /// `http` or `https`.
    var scheme = "http"

    /// A client with that address.
    init(name: String, address: IPAddress?, scheme: String = "http") {
        self.name = name
        self.address = address
        self.scheme = scheme
    }

    /// The peer of a connection, as `accept` names it.
    init(peer: String, scheme: String) {
        self.init(name: peer, address: peer == Self.localName ? nil : IPAddress(peer), scheme: scheme)
    }

    /// Whether it came by a Unix-domain socket.
    var isLocal: Bool { name == Self.localName }
}
