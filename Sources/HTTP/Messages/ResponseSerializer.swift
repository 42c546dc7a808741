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
            response, answersHead: method == .head, version: version, keepsAlive: keepsAlive, date: date,
            requestID: requestID, withBody: false, to: &head)
        return head
    }

    /// Writes what ``head(of:answering:version:keepsAlive:date:requestID:)`` returns to the end of an array, and the
    /// body behind it if asked to.
    static func write(
        _ response: Response, answersHead: Bool, version: HTTPVersion, keepsAlive: Bool, date: String,
        requestID: String?, withBody: Bool, to head: inout [UInt8]
    ) {
        // Each by itself: what the closure takes of the answer would else be a copy of all of it.
        let (status, fields, body) = (response.status, response.fields, withBody ? response.body : [])
        let length = length(of: response, answersHead: answersHead)
        let isChunked =
            response.stream != nil && version == .http11 && sendsBody(status.code, answersHead: answersHead)
        var room = ownBytes + status.reasonPhrase.utf8.count + date.utf8.count + body.count
        if let requestID { room += requestID.utf8.count }
        for index in fields.indices {
            room += fields[index].name.rawName.utf8.count + fields[index].value.utf8.count + 4
        }
        head.append(addingCapacity: room) { head in
            append(status, to: &head)
            head.append(literal: "\r\nDate: ")
            head.append(date)
            append(fields, hasRequestID: requestID != nil, to: &head)
            if let requestID {
                head.append(literal: "\r\nX-Request-Id: ")
                head.append(requestID)
            }
            if let length {
                head.append(literal: "\r\nContent-Length: ")
                head.append(length)
            }
            if isChunked { head.append(literal: "\r\nTransfer-Encoding: chunked") }
            if !keepsAlive {
                head.append(literal: "\r\nConnection: close")
            } else if version == .http10 {
                head.append(literal: "\r\nConnection: keep-alive")
            }
            head.append(literal: "\r\n\r\n")
            head.append(body.span)
        }
    }

    private static func append(_ status: HTTPResponse.Status, to head: inout OutputSpan<UInt8>) {
        head.append(literal: "HTTP/1.1 ")
        // Three digits, as any status has.
        let code = UInt(status.code)
        head.append(UInt8(truncatingIfNeeded: 0x30 + code / 100))
        head.append(UInt8(truncatingIfNeeded: 0x30 + code / 10 % 10))
        head.append(UInt8(truncatingIfNeeded: 0x30 + code % 10))
        head.append(.space)
        head.append(status.reasonPhrase.isEmpty ? usualPhrase(status.code) : status.reasonPhrase)
    }

    private static func append(_ fields: HTTPFields, hasRequestID: Bool, to head: inout OutputSpan<UInt8>) {
        for index in fields.indices where !isOwn(fields[index].name.canonicalName, hasRequestID: hasRequestID) {
            head.append(.carriageReturn)
            head.append(.lineFeed)
            head.append(fields[index].name.rawName)
            head.append(.colon)
            head.append(.space)
            head.append(fields[index].value)
        }
    }

    /// The value of `Content-Length`, where there is to be one.
    private static func length(of response: Response, answersHead: Bool) -> Int? {
        switch response.status.code {
        case 204, 304: nil
        case 205: 0
        default: response.stream != nil || response.leavesLengthOut && answersHead ? nil : response.body.count
        }
    }

    /// Room for the status line, a usual phrase in it and the fields of the serialiser's own, without what is given for
    /// them.
    private static let ownBytes = 192

    /// Whether the body follows the head.
    public static func sendsBody(_ status: HTTPResponse.Status, answering method: HTTPRequest.Method) -> Bool {
        sendsBody(status.code, answersHead: method == .head)
    }

    static func sendsBody(_ code: Int, answersHead: Bool) -> Bool {
        !answersHead && code >= 200 && code != 204 && code != 205 && code != 304
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
        precondition(number >= 0, "a number below 0 in the head of an answer")
        if number >= 10 { append(number / 10) }
        append(UInt8(truncatingIfNeeded: 0x30 + number % 10))
    }
}
