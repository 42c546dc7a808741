internal import HTTPTypes

extension RequestParser {
    /// The head, when its last line has come; the state moves on to the body.
    mutating func head() throws(HTTPError) -> RequestHead {
        // A copy of this parser may have the same one.
        if !isKnownUniquelyReferenced(&line) {
            line = line.map { $0.requestLine(method: $0.method, version: $0.version) }
        }
        guard let line = line.take() else { preconditionFailure("a header without a request line") }
        let section = section.take()
        let host = try Self.host(section, version: line.version)
        let framing = try Framing(section, version: line.version, maximumBodyBytes: limits.maximumBodyBytes)
        keepsAlive = framing.keepsAlive
        switch framing.bodyLength {
        case .none: state = .complete
        case .fixed(let length):
            state = .fixedBody(left: length)
        case .chunked:
            state = .chunkLine
            self.section = FieldSection(behind: section)
        }
        line.complete(
            authority: line.details?.authority ?? host, fields: section.fields, keepsAlive: framing.keepsAlive,
            bodyLength: framing.bodyLength, expectsContinue: framing.expectsContinue)
        return RequestHead(line)
    }

    /// The value of `Host`, which only HTTP/1.0 may leave out. (That it stands once is seen line by line.)
    private static func host(_ section: FieldSection, version: HTTPVersion) throws(HTTPError) -> String? {
        guard let host = section.host else {
            guard version == .http10 else { throw .invalidHost("it is missing") }
            return nil
        }
        guard section.hostIsValid else {
            throw .invalidHost("\(String(quoting: host.utf8)) is no host")
        }
        return host
    }
}
