public import HTTPTypes

/// What is wrong with a message or a connection, and the status that tells the client.
///
/// Words that come from the client are quoted, shortened and free of control characters.
public enum HTTPError: Error, Equatable, Sendable {
    /// The request line is not `method SP target SP version CRLF` (RFC 9112 section 3).
    case invalidRequestLine(String)
    /// The request target is none of the forms an origin server answers (RFC 9112 section 3.2, RFC 3986).
    case invalidTarget(String)
    /// A header or trailer line breaks RFC 9110 section 5 or RFC 9112 section 5.
    case invalidField(String)
    /// `Host` is missing, doubled or no host (RFC 9112 section 3.2).
    case invalidHost(String)
    /// The length of the body is told twice, or in a way that two readers could understand differently.
    case invalidFraming(String)
    /// The chunked coding is broken (RFC 9112 section 7.1).
    case invalidChunk(String)
    /// The client stopped sending in the middle of a request.
    case incompleteRequest
    /// The client speaks HTTP without TLS to a port where TLS is spoken.
    case plainRequestToTLS

    /// The request line is longer than ``Limits/maximumRequestLineBytes``.
    case requestLineTooLong(limit: Int)
    /// The header or trailer section is longer than ``Limits/maximumHeaderBytes``.
    case headerTooLarge(limit: Int)
    /// The header or trailer section has more lines than ``Limits/maximumHeaderCount``.
    case tooManyHeaders(limit: Int)
    /// The body is longer than ``Limits/maximumBodyBytes``.
    case bodyTooLarge(limit: Int)

    /// No server of this kind carries out such a method.
    case methodNotImplemented(String)
    /// The body has a transfer coding other than chunked.
    case transferCodingNotImplemented(String)
    /// The version of HTTP is neither 1.0 nor 1.1.
    case versionNotSupported(String)
    /// An expectation other than `100-continue`.
    case expectationFailed(String)

    /// The head of the request did not come within ``Timeouts/header``.
    case headerTimedOut
    /// The body of the request came more slowly than ``Timeouts/bodyProgress`` allows.
    case bodyTimedOut
    /// The answer was not there within ``Timeouts/handler``.
    case handlerTimedOut
    /// The client has more connections than it may.
    case tooManyConnections(limit: Int)
    /// The client has more requests in flight than it may.
    case tooManyRequests(limit: Int)
    /// The client would have the server hold more bytes of its requests or answers than its share.
    case tooManyBytes(limit: Int)
    /// There are more requests than places for them.
    case overloaded
    /// The server is being stopped.
    case draining

    /// A `multipart/form-data` body breaks RFC 7578 or RFC 2046.
    case invalidMultipart(String)
    /// A form-urlencoded body or a query cannot be decoded.
    case invalidForm(String)
    /// Text that is not UTF-8.
    case invalidText(String)
    /// A multipart body has more parts than ``Limits/maximumMultipartParts``.
    case tooManyParts(limit: Int)
    /// A form or query has more fields than ``Limits/maximumFormFields``.
    case tooManyFormFields(limit: Int)
    /// The header of a part is longer than ``Limits/maximumPartHeaderBytes``.
    case partHeaderTooLarge(limit: Int)
    /// Compressed bytes are damaged or cut short.
    case invalidCompression(String)
    /// Compressed bytes would expand beyond the limit.
    case expandedTooLarge(limit: Int)

    /// The status of the answer that tells the client.
    public var status: HTTPResponse.Status {
        switch self {
        case .invalidRequestLine, .invalidTarget, .invalidField, .invalidHost, .invalidFraming, .invalidChunk,
            .incompleteRequest, .plainRequestToTLS, .invalidMultipart, .invalidForm, .invalidText, .invalidCompression:
            .badRequest
        case .requestLineTooLong: .uriTooLong
        case .headerTooLarge, .tooManyHeaders, .partHeaderTooLarge: .requestHeaderFieldsTooLarge
        case .bodyTooLarge, .tooManyParts, .tooManyFormFields, .expandedTooLarge: .contentTooLarge
        case .methodNotImplemented, .transferCodingNotImplemented: .notImplemented
        case .versionNotSupported: .httpVersionNotSupported
        case .expectationFailed: .expectationFailed
        case .headerTimedOut, .bodyTimedOut: .requestTimeout
        case .tooManyConnections, .tooManyRequests, .tooManyBytes: .tooManyRequests
        case .handlerTimedOut, .overloaded, .draining: .serviceUnavailable
        }
    }
}

extension HTTPError: CustomStringConvertible {
    /// The fault in words, without the status.
    public var description: String {
        switch self {
        case .invalidRequestLine(let reason): "invalid request line: \(reason)"
        case .invalidTarget(let reason): "invalid request target: \(reason)"
        case .invalidField(let reason): "invalid header: \(reason)"
        case .invalidHost(let reason): "invalid Host: \(reason)"
        case .invalidFraming(let reason): "the length of the body is not clear: \(reason)"
        case .invalidChunk(let reason): "invalid chunk: \(reason)"
        case .incompleteRequest: "the request ends before it is complete"
        case .plainRequestToTLS: "the plain HTTP request was sent to an HTTPS port"
        case .requestLineTooLong(let limit): "the request line is longer than \(limit) bytes"
        case .headerTooLarge(let limit): "the header is longer than \(limit) bytes"
        case .tooManyHeaders(let limit): "the header has more than \(limit) lines"
        case .bodyTooLarge(let limit): "the body is longer than \(limit) bytes"
        case .methodNotImplemented(let method): "the method \(method) is not implemented"
        case .transferCodingNotImplemented(let coding): "the transfer coding \(coding) is not implemented, only chunked"
        case .versionNotSupported(let version): "\(version) is not supported, only HTTP/1.0 and HTTP/1.1"
        case .expectationFailed(let expectation): "the expectation \(expectation) cannot be met, only 100-continue"
        case .headerTimedOut: "the head of the request did not come in time"
        case .bodyTimedOut: "the body of the request came too slowly"
        case .handlerTimedOut: "the answer took too long to make"
        case .tooManyConnections(let limit): "your address has more than \(limit) connections open"
        case .tooManyRequests(let limit): "your address has more than \(limit) requests waiting for their answers"
        case .tooManyBytes(let limit): "your address has more than \(limit) bytes of bodies or answers on their way"
        case .overloaded: "there are too many requests at the moment"
        case .draining: "the server is being stopped"
        case .invalidMultipart(let reason): "invalid multipart body: \(reason)"
        case .invalidForm(let reason): "invalid form: \(reason)"
        case .invalidText(let what): "\(what) is not UTF-8"
        case .tooManyParts(let limit): "the body has more than \(limit) parts"
        case .tooManyFormFields(let limit): "the form has more than \(limit) fields"
        case .partHeaderTooLarge(let limit): "the header of a part is longer than \(limit) bytes"
        case .invalidCompression(let reason): "invalid compressed bytes: \(reason)"
        case .expandedTooLarge(let limit): "the bytes expand to more than \(limit)"
        }
    }
}
