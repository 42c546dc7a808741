internal import HTTP
internal import HTTPTypes

/// How a body is coded for the way: as it is, or compressed.
enum ContentCoding: String, Sendable {
    case identity
    case gzip

    /// Bodies below this are not worth it: the packet is sent all the same.
    static let smallest = 1024
    /// zlib's fastest: base64 of floats comes to 44 to 54 % of its size, and to 41 to 53 % at level 6, which takes up
    /// to twice as long.
    private static let level = 1

    /// The coding that the client likes best.
    ///
    /// A client that refuses even what is not coded gets that all the same (RFC 9110 section 12.5.3).
    init(acceptedBy fields: HTTPFields) {
        let chosen = Negotiation.contentCoding(
            acceptEncoding: fields[.acceptEncoding], offered: [Self.gzip.rawValue])
        self = chosen.flatMap(Self.init(rawValue:)) ?? .identity
    }

    /// `response` with its body in this coding, if it is JSON; pictures and arrays are compressed already or hardly get
    /// smaller.
    ///
    /// A strong tag of a response must differ by coding, which is for its maker to see to.
    func applied(to response: Response) -> Response {
        guard let type = response.fields[.contentType], Self.isCompressible(type) else { return response }
        var response = response
        response.fields.vary(by: "Accept-Encoding")
        guard self == .gzip, response.body.count >= Self.smallest, response.fields[.contentEncoding] == nil else {
            return response
        }
        response.body = Gzip.compress(response.body, level: Self.level)
        response.fields[.contentEncoding] = rawValue
        return response
    }

    private static func isCompressible(_ type: String) -> Bool {
        MediaType(type).map { $0.essence == "application/json" || $0.subtype.hasSuffix("+json") } ?? false
    }
}

extension HTTPFields {
    /// Adds a name to `Vary`, unless it is there.
    mutating func vary(by name: String) {
        guard let names = self[.vary] else { return self[.vary] = name }
        if !names.split(separator: ",").contains(where: { $0.drop { $0 == " " } == name }) {
            self[.vary] = "\(names), \(name)"
        }
    }
}
