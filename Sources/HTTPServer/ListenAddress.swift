/// Where a server listens: a TCP port, a Unix-domain socket, or sockets that the service manager hands over.
///
/// Written `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080` (127.0.0.1), `:8080` (every IPv4 address of the machine),
/// `unix:/run/switchback.sock` or `systemd:`; behind `https://` TLS is spoken there, behind `http://` or nothing it is
/// not. Port 0 asks the kernel for a free port.
public struct ListenAddress: Hashable, Sendable {
    /// The kinds of address.
    public enum Place: Hashable, Sendable {
        /// A numeric host, IPv6 without brackets, and a TCP port; 0 stands for any free one.
        case tcp(host: String, port: UInt16, isIPv6: Bool)
        /// A file that is a Unix-domain socket.
        ///
        /// It is made with the configuration's permissions and removed in the end; one that nobody listens at any more
        /// is replaced.
        case unix(path: String)
        /// Every listening socket that systemd has opened for this process (sd_listen_fds(3)).
        case systemd
    }

    /// The bytes that fit into the kernel's structure (unix(7)), its NUL not counted.
    private static let maximumPathBytes = 107

    /// Where it is.
    public let place: Place
    /// Whether TLS is spoken there, by the ``ServerConfiguration/tls`` of the server.
    public let isTLS: Bool

    /// The address that `text` names; throws `HTTPServerError.badAddress` with the reason.
    public init(_ text: String) throws(HTTPServerError) {
        isTLS = text.hasPrefix("https://")
        let scheme = isTLS ? "https://" : text.hasPrefix("http://") ? "http://" : ""
        let text = String(text.dropFirst(scheme.count))
        if text == "systemd:" {
            place = .systemd
        } else if text.hasPrefix("unix:") {
            place = .unix(path: try Self.path(in: text))
        } else {
            place = try Self.port(in: text)
        }
    }

    init(_ place: Place, isTLS: Bool = false) {
        self.place = place
        self.isTLS = isTLS
    }

    /// A port of an IPv4 or IPv6 host, without TLS.
    init(host: String, port: UInt16, isIPv6: Bool) {
        self.init(.tcp(host: host, port: port, isIPv6: isIPv6))
    }

    /// Whether only this machine can reach the address: 127.0.0.0/8 or ::1, however it is written, or a Unix-domain
    /// socket.
    ///
    /// False for what systemd hands over, which is not known before the start.
    public var isLoopback: Bool {
        switch place {
        case .tcp(let host, _, _): IPAddress(host)?.isLoopback == true
        case .unix: true
        case .systemd: false
        }
    }

    /// The TCP port: 0 for any free one, and for what is no port.
    public var port: UInt16 {
        if case .tcp(_, let port, _) = place { port } else { 0 }
    }

    /// The same host with another port.
    func with(port: UInt16) -> ListenAddress {
        guard case .tcp(let host, _, let isIPv6) = place else { return self }
        return ListenAddress(.tcp(host: host, port: port, isIPv6: isIPv6), isTLS: isTLS)
    }

    private static func path(in text: String) throws(HTTPServerError) -> String {
        func bad(_ reason: String) -> HTTPServerError { .badAddress(text, reason: reason) }
        let path = String(text.dropFirst("unix:".count))
        guard path.hasPrefix("/") else { throw bad("the path of a Unix socket must begin with '/'") }
        guard path.utf8.count <= maximumPathBytes else {
            throw bad("the path of a Unix socket may have \(maximumPathBytes) bytes, and it has \(path.utf8.count)")
        }
        guard !path.utf8.contains(0), !path.hasSuffix("/") else { throw bad("the path is no file's") }
        return path
    }

    private static func port(in text: String) throws(HTTPServerError) -> Place {
        func bad(_ reason: String) -> HTTPServerError { .badAddress(text, reason: reason) }
        guard let colon = text.lastIndex(of: ":") else { throw bad("the port is missing") }
        let digits = text[text.index(after: colon)...]
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let port = UInt16(digits)
        else { throw bad("the port must be a number from 0 to 65535") }
        let host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            let inner = String(host.dropFirst().dropLast())
            guard inner.contains(":"), !inner.contains("%"), IPAddress(inner) != nil else {
                throw bad("not an IPv6 address in the brackets")
            }
            return .tcp(host: inner, port: port, isIPv6: true)
        }
        if host.contains(":") { throw bad("an IPv6 address is written in brackets, as in [::1]:8080") }
        let names = ["localhost": "127.0.0.1", "": "0.0.0.0", "*": "0.0.0.0"]
        let numeric = names[String(host)] ?? String(host)
        guard IPAddress(numeric) != nil else { throw bad("the host must be a numeric address") }
        return .tcp(host: numeric, port: port, isIPv6: false)
    }
}

extension ListenAddress: CustomStringConvertible {
    /// The address as it is written: `127.0.0.1:8080`, `[::1]:8080`, `unix:/run/switchback.sock`, `systemd:`, and
    /// before it `https://` where TLS is spoken.
    public var description: String {
        let address =
            switch place {
            case .tcp(let host, let port, let isIPv6): isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)"
            case .unix(let path): "unix:\(path)"
            case .systemd: "systemd:"
            }
        return isTLS ? "https://\(address)" : address
    }
}
