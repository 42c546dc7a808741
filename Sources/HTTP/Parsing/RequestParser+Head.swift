internal import HTTPTypes

extension RequestParser {
    /// The head, when its last line has come; the state moves on to the body.
    mutating func head() throws(HTTPError) -> RequestHead {
        guard var line = line.take() else { preconditionFailure("a header without a request line") }
        let host = try host(version: line.version)
        let framing = try Framing(section, version: line.version, maximumBodyBytes: limits.maximumBodyBytes)
        keepsAlive = framing.keepsAlive
        switch framing.bodyLength {
        case .none: state = .complete
        case .fixed(let length):
            state = .fixedBody(left: length)
        case .chunked: state = .chunkLine
        }
        // A copy of this parser may have the same one.
        if !isKnownUniquelyReferenced(&line) { line = line.requestLine(method: line.method, version: line.version) }
        line.complete(
            authority: line.targetAuthority ?? host, fields: section.fields, keepsAlive: framing.keepsAlive,
            bodyLength: framing.bodyLength, expectsContinue: framing.expectsContinue)
        return RequestHead(line)
    }

    /// The value of `Host`, which only HTTP/1.0 may leave out. (That it stands once is seen line by line.)
    private func host(version: HTTPVersion) throws(HTTPError) -> String? {
        guard let host = section.host else {
            guard version == .http10 else { throw .invalidHost("it is missing") }
            return nil
        }
        guard Authority.isValid(host.utf8.span) else {
            throw .invalidHost("\(String(quoting: host.utf8)) is no host")
        }
        return host
    }
}
