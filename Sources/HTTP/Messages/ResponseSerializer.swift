public import HTTPTypes

/// Writes heads of answers (RFC 9112 sections 4 and 6).
public enum ResponseSerializer {
    /// The status line, the fields and the empty line.
    ///
    /// The version is always HTTP/1.1: a server sends its own (RFC 9110 section 2.5). `Content-Length` is that of
    /// the body, for HEAD of the body that GET would bring, and left out for 204 and 304. `Connection` says `close`,
    /// or to a client of HTTP/1.0 `keep-alive`, where that is not what the version implies. A field cannot break out
    /// of its line: `HTTPField` turns CR, LF and NUL into spaces.
    public static func head(
        of response: Response, version: HTTPVersion, keepsAlive: Bool, date: String
    ) -> [UInt8] {
        var head: [UInt8] = []
        head.reserveCapacity(256)
        let (code, phrase) = (response.status.code, response.status.reasonPhrase)
        append("HTTP/1.1 ", String(code), to: &head)
        append(" ", phrase.isEmpty ? usualPhrase(code) : phrase, to: &head)
        append("\r\nDate: ", date, to: &head)
        for field in response.fields where !isOwn(field.name) {
            append("\r\n", field.name.rawName, to: &head)
            append(": ", field.value, to: &head)
        }
        switch code {
        case 204, 304: break
        case 205: append("\r\nContent-Length: ", "0", to: &head)
        default: append("\r\nContent-Length: ", String(response.body.count), to: &head)
        }
        if !keepsAlive {
            append("\r\nConnection: ", "close", to: &head)
        } else if version == .http10 {
            append("\r\nConnection: ", "keep-alive", to: &head)
        }
        append("\r\n\r\n", "", to: &head)
        return head
    }

    /// Whether the body follows the head.
    public static func sendsBody(_ status: HTTPResponse.Status, answering method: HTTPRequest.Method) -> Bool {
        method != .head && status.code >= 200 && ![204, 205, 304].contains(status.code)
    }

    /// The fields that describe the message on this connection, which is nobody else's business.
    private static func isOwn(_ name: HTTPField.Name) -> Bool {
        switch name.canonicalName {
        case "date", "content-length", "transfer-encoding", "connection", "keep-alive": true
        default: false
        }
    }

    private static func append(_ name: String, _ value: String, to head: inout [UInt8]) {
        head.append(contentsOf: name.utf8)
        head.append(contentsOf: value.utf8)
    }

    /// The usual phrase of a status that was written as a number.
    private static func usualPhrase(_ code: Int) -> String {
        let known: [HTTPResponse.Status] = [
            .ok, .created, .accepted, .noContent, .resetContent, .partialContent, .movedPermanently, .found, .seeOther,
            .notModified, .temporaryRedirect, .permanentRedirect, .badRequest, .unauthorized, .forbidden, .notFound,
            .methodNotAllowed, .notAcceptable, .requestTimeout, .conflict, .gone, .lengthRequired,
            .preconditionFailed, .contentTooLarge, .uriTooLong, .unsupportedMediaType, .rangeNotSatisfiable,
            .expectationFailed, .unprocessableContent, .tooManyRequests, .requestHeaderFieldsTooLarge,
            .internalServerError, .notImplemented, .badGateway, .serviceUnavailable, .gatewayTimeout,
            .httpVersionNotSupported,
        ]
        return known.first { $0.code == code }?.reasonPhrase ?? ""
    }
}
