internal import HTTPTypes

/// What the header says about the body and the connection (RFC 9112 sections 6 and 9).
struct Framing {
    let bodyLength: BodyLength
    let expectsContinue: Bool
    let keepsAlive: Bool

    /// Reads the fields of a request; throws where two readers could find another end of the body.
    init(_ section: FieldSection, version: HTTPVersion, maximumBodyBytes: Int) throws(HTTPError) {
        let roles = section.roles
        bodyLength =
            roles.isDisjoint(with: [.contentLength, .transferEncoding])
            ? .none : try Self.bodyLength(section.fields, version: version, maximumBodyBytes: maximumBodyBytes)
        let expects = roles.contains(.expect) ? try Self.expectsContinue(section.fields) : false
        expectsContinue = expects && version == .http11 && bodyLength != .none
        keepsAlive =
            roles.contains(.connection) ? Self.keepsAlive(section.fields, version: version) : version == .http11
    }

    private static func bodyLength(
        _ fields: HTTPFields, version: HTTPVersion, maximumBodyBytes: Int
    ) throws(HTTPError) -> BodyLength {
        let length = fields[.contentLength]
        guard let coding = fields[.transferEncoding] else {
            guard let length else { return .none }
            return try fixed(length, maximumBodyBytes: maximumBodyBytes)
        }
        guard length == nil else { throw .invalidFraming("both Content-Length and Transfer-Encoding are given") }
        guard version == .http11 else { throw .invalidFraming("HTTP/1.0 has no Transfer-Encoding") }
        let codings = FieldList.elements(of: coding)
        let chunked = codings.filter { $0.isEqualIgnoringCase(to: "chunked") }.count
        guard let last = codings.last, last.isEqualIgnoringCase(to: "chunked"), chunked == 1 else {
            throw .invalidFraming("Transfer-Encoding \(String(quoting: coding.utf8)) does not end with one chunked")
        }
        guard codings.count == 1 else { throw .transferCodingNotImplemented(String(quoting: codings[0])) }
        return .chunked
    }

    /// A number of digits and nothing else.
    private static func fixed(_ value: String, maximumBodyBytes: Int) throws(HTTPError) -> BodyLength {
        let digits = value.utf8
        guard !digits.isEmpty, digits.allSatisfy({ $0.isDigit }) else {
            throw .invalidFraming("Content-Length \(String(quoting: digits)) is no number")
        }
        guard let length = Int(value), length <= maximumBodyBytes else {
            throw .bodyTooLarge(limit: maximumBodyBytes)
        }
        return length == 0 ? .none : .fixed(length)
    }

    private static func expectsContinue(_ fields: HTTPFields) throws(HTTPError) -> Bool {
        guard let value = fields[.expect] else { return false }
        let expectations = FieldList.elements(of: value)
        if let other = expectations.first(where: { !$0.isEqualIgnoringCase(to: "100-continue") }) {
            throw .expectationFailed(String(quoting: other))
        }
        return !expectations.isEmpty
    }

    private static func keepsAlive(_ fields: HTTPFields, version: HTTPVersion) -> Bool {
        let options = fields[.connection].map(FieldList.elements) ?? []
        if options.contains(where: { $0.isEqualIgnoringCase(to: "close") }) { return false }
        return version == .http11 || options.contains { $0.isEqualIgnoringCase(to: "keep-alive") }
    }
}
