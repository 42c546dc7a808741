/// One step of a request's way through proxies, as the proxy at its end tells it.
package struct ForwardedHop: Equatable, Sendable {
    /// Where the request came from: an address without brackets and port; nil where that is hidden or malformed.
    package var host: String?
    /// `http` or `https`, if told.
    package var scheme: String?

    package init(host: String? = nil, scheme: String? = nil) {
        self.host = host
        self.scheme = scheme
    }

    /// The steps that `X-Forwarded-For` fields list, the last one the nearest.
    ///
    /// Elements are addresses, or addresses with a port, IPv6 then in brackets. Every comma separates: a quote that the
    /// client leaves open must not swallow what the proxy adds.
    package static func hops(xForwardedFor fields: [String]) -> [ForwardedHop] {
        fields.flatMap { Array($0.utf8).split(separator: .comma) }.map { element in
            ForwardedHop(host: host(in: element.trimmed, needsBrackets: false))
        }
    }

    /// The steps that `Forwarded` fields list (RFC 7239 section 4), the last one the nearest.
    ///
    /// `unknown` and obfuscated identifiers (section 6.3) hide the host, and so does what is malformed.
    package static func hops(forwarded fields: [String]) -> [ForwardedHop] {
        fields.flatMap { FieldList.elements(of: $0) }.map { element in
            guard let parameters = FieldList.parameters(FieldList.split(element, at: .semicolon)) else {
                return ForwardedHop()
            }
            func value(_ name: String) -> [UInt8]? { parameters.first { $0.name == name }?.value }
            return ForwardedHop(
                host: value("for").flatMap { host(in: $0[...], needsBrackets: true) },
                scheme: value("proto").flatMap { scheme(in: $0[...]) })
        }
    }

    /// What the last element of `X-Forwarded-Proto` fields says, if it is `http` or `https`.
    package static func scheme(xForwardedProto fields: [String]) -> String? {
        fields.last.flatMap { FieldList.elements(of: $0).last }.flatMap { scheme(in: $0) }
    }

    private static func scheme(in bytes: ArraySlice<UInt8>) -> String? {
        if bytes.isEqualIgnoringCase(to: "https") { return "https" }
        return bytes.isEqualIgnoringCase(to: "http") ? "http" : nil
    }

    /// The host of `node [ ":" node-port ]`, whose port may be obfuscated too.
    ///
    /// Only the characters of addresses are let through: the result stands in logs.
    private static func host(in node: ArraySlice<UInt8>, needsBrackets: Bool) -> String? {
        var host = node
        if node.first == 0x5B {
            guard let bracket = node.firstIndex(of: 0x5D), isPort(node[(bracket + 1)...]) else { return nil }
            host = node[(node.startIndex + 1)..<bracket]
            guard host.contains(.colon) else { return nil }
        } else if let colon = node.firstIndex(of: .colon) {
            if node[(colon + 1)...].contains(.colon) {
                guard !needsBrackets else { return nil }
            } else {
                guard isPort(node[colon...]) else { return nil }
                host = node[..<colon]
            }
        }
        guard !host.isEmpty, host.count <= 45,
            host.allSatisfy({ $0.hexadecimalValue != nil || $0 == .colon || $0 == .period })
        else { return nil }
        return String(decoding: host, as: UTF8.self)
    }

    private static func isPort(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first else { return true }
        let port = bytes.dropFirst()
        guard first == .colon, !port.isEmpty else { return false }
        if port.first == 0x5F { return port.allSatisfy { $0.isTokenByte } }
        return port.count <= 5 && port.allSatisfy { $0.isDigit }
    }
}
