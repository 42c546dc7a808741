public import HTTPTypes

/// Writes heads of answers (RFC 9112 sections 4 and 6).
public enum ResponseSerializer {
    /// The status line, the fields and the empty line.
    ///
    /// The version is always HTTP/1.1: a server sends its own (RFC 9110 section 2.5). `Content-Length` is that of
    /// the body, for HEAD of the body that GET would bring unless that was not made, and left out for 204 and 304.
    /// A body that comes over time has no length: it is chunked for HTTP/1.1, and ends with the connection for HTTP/1.0.
    /// `Connection` says `close`, or to a client of HTTP/1.0 `keep-alive`, where that is not what the version implies.
    /// A field cannot break out of its line: `HTTPField` turns CR, LF and NUL into spaces. A request id given is sent as
    /// `X-Request-Id`, in the place of any that the answer has.
    public static func head(
        of response: Response, answering method: HTTPRequest.Method = .get, version: HTTPVersion, keepsAlive: Bool,
        date: String, requestID: String? = nil
    ) -> [UInt8] {
        var head: [UInt8] = []
        head.reserveCapacity(512)
        write(
            response, answering: method, version: version, keepsAlive: keepsAlive, date: date, requestID: requestID,
            to: &head)
        return head
    }

    /// Writes what ``head(of:answering:version:keepsAlive:date:requestID:)`` returns to the end of an array.
    static func write(
        _ response: Response, answering method: HTTPRequest.Method, version: HTTPVersion, keepsAlive: Bool,
        date: String, requestID: String?, to head: inout [UInt8]
    ) {
        let (fields, start) = (response.fields, start(response.status))
        let length = length(of: response, answering: method)
        var room = start.utf8.count + date.utf8.count + (requestID?.utf8.count ?? 0) + ownBytes
        for index in fields.indices {
            room += fields[index].name.rawName.utf8.count + fields[index].value.utf8.count + 4
        }
        head.append(addingCapacity: room) { head in
            head.append(start)
            head.append(date)
            for index in fields.indices
            where !isOwn(fields[index].name.canonicalName, hasRequestID: requestID != nil) {
                head.append(.carriageReturn)
                head.append(.lineFeed)
                head.append(fields[index].name.rawName)
                head.append(.colon)
                head.append(.space)
                head.append(fields[index].value)
            }
            if let requestID {
                head.append("\r\nX-Request-Id: ")
                head.append(requestID)
            }
            if let length {
                head.append("\r\nContent-Length: ")
                head.append(length)
            }
            if response.stream != nil, version == .http11, sendsBody(response.status, answering: method) {
                head.append("\r\nTransfer-Encoding: chunked")
            }
            head.append(lineOfConnection(version, keepsAlive: keepsAlive))
            head.append("\r\n\r\n")
        }
    }

    private static func lineOfConnection(_ version: HTTPVersion, keepsAlive: Bool) -> String {
        if !keepsAlive { return "\r\nConnection: close" }
        return version == .http10 ? "\r\nConnection: keep-alive" : ""
    }

    /// The value of `Content-Length`, where there is to be one.
    private static func length(of response: Response, answering method: HTTPRequest.Method) -> Int? {
        switch response.status.code {
        case 204, 304: nil
        case 205: 0
        default: response.stream != nil || response.leavesLengthOut && method == .head ? nil : response.body.count
        }
    }

    /// Room for the fields of the serialiser's own, without what is given for them.
    private static let ownBytes = 128

    /// The status line, and the name of the first field.
    private static func start(_ status: HTTPResponse.Status) -> String {
        if status.code == 200, status.reasonPhrase == "OK" { return "HTTP/1.1 200 OK\r\nDate: " }
        let phrase = status.reasonPhrase.isEmpty ? usualPhrase(status.code) : status.reasonPhrase
        return "HTTP/1.1 \(status.code) \(phrase)\r\nDate: "
    }

    /// Whether the body follows the head.
    public static func sendsBody(_ status: HTTPResponse.Status, answering method: HTTPRequest.Method) -> Bool {
        method != .head && status.code >= 200 && status.code != 204 && status.code != 205 && status.code != 304
    }

    /// The fields that describe the message on this connection, which is nobody else's business.
    private static func isOwn(_ name: String, hasRequestID: Bool) -> Bool {
        switch name.utf8.count {
        case 4: name == "date"
        case 10: name == "connection" || name == "keep-alive"
        case 12: hasRequestID && name == "x-request-id"
        case 14: name == "content-length"
        case 17: name == "transfer-encoding"
        default: false
        }
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

extension OutputSpan<UInt8> {
    fileprivate mutating func append(_ text: String) {
        append(text.utf8.span)
    }

    /// Appends the digits of a number that is not negative.
    fileprivate mutating func append(_ number: Int) {
        precondition(number >= 0, "\(number) in the head of an answer")
        var power = 1
        while number / power >= 10 { power *= 10 }
        while power > 0 {
            append(UInt8(0x30 + number / power % 10))
            power /= 10
        }
    }
}
