internal import Glibc

/// Where a server listens: a numeric IPv4 or IPv6 host and a TCP port.
///
/// Written `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080` (127.0.0.1) or `:8080` (every IPv4 address of the machine).
/// Port 0 asks the kernel for a free port.
public struct ListenAddress: Hashable, Sendable {
    /// The numeric host, IPv6 without brackets.
    public let host: String
    /// The port; 0 stands for any free one.
    public let port: UInt16
    /// Whether `host` is an IPv6 address.
    public let isIPv6: Bool

    /// The address that `text` names; throws `HTTPServerError.badAddress` with the reason.
    public init(_ text: String) throws(HTTPServerError) {
        func bad(_ reason: String) -> HTTPServerError { .badAddress(text, reason: reason) }
        guard let colon = text.lastIndex(of: ":") else { throw bad("the port is missing") }
        let digits = text[text.index(after: colon)...]
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let port = UInt16(digits)
        else { throw bad("the port must be a number from 0 to 65535") }
        let host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            self.init(host: String(host.dropFirst().dropLast()), port: port, isIPv6: true)
            guard Self.isNumeric(self.host, family: AF_INET6) else { throw bad("not an IPv6 address in the brackets") }
        } else if host.contains(":") {
            throw bad("an IPv6 address is written in brackets, as in [::1]:8080")
        } else {
            let names = ["localhost": "127.0.0.1", "": "0.0.0.0", "*": "0.0.0.0"]
            self.init(host: names[String(host)] ?? String(host), port: port, isIPv6: false)
            guard Self.isNumeric(self.host, family: AF_INET) else { throw bad("the host must be a numeric address") }
        }
    }

    init(host: String, port: UInt16, isIPv6: Bool) {
        self.host = host
        self.port = port
        self.isIPv6 = isIPv6
    }

    /// Whether only this machine can reach the address: 127.0.0.0/8 or ::1, however it is written.
    public var isLoopback: Bool {
        guard isIPv6 else { return host.hasPrefix("127.") }
        return Self.packed(host, family: AF_INET6) == [UInt8](repeating: 0, count: 15) + [1]
    }

    /// The same host with another port.
    func with(port: UInt16) -> ListenAddress {
        ListenAddress(host: host, port: port, isIPv6: isIPv6)
    }

    private static func isNumeric(_ host: String, family: Int32) -> Bool {
        packed(host, family: family) != nil
    }

    /// The 4 or 16 bytes of a numeric host in network order.
    private static func packed(_ host: String, family: Int32) -> [UInt8]? {
        guard !host.utf8.contains(0) else { return nil }
        var bytes = [UInt8](repeating: 0, count: family == AF_INET6 ? 16 : 4)
        // SAFETY: inet_pton writes 4 bytes for AF_INET and 16 for AF_INET6, which is what the array holds.
        let status = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe inet_pton(family, host, buffer.baseAddress)
        }
        return status == 1 ? bytes : nil
    }
}

extension ListenAddress: CustomStringConvertible {
    /// The address as it is written: `127.0.0.1:8080`, `[::1]:8080`.
    public var description: String {
        isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
