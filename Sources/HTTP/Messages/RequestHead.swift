public import HTTPTypes

/// The version of a request.
///
/// A minor version above 1 counts as 1.1 (RFC 9110 section 2.5).
public enum HTTPVersion: Equatable, Sendable {
    /// HTTP/1.0: the connection closes after the answer unless the client asks otherwise.
    case http10
    /// HTTP/1.1: the connection stays open unless one side says otherwise.
    case http11
}

/// How the end of a body is told.
public enum BodyLength: Equatable, Sendable {
    /// There is no body.
    case none
    /// So many bytes, at least one.
    case fixed(Int)
    /// In chunks, the last of which is empty.
    case chunked
}

/// A request without its body.
public struct RequestHead: Sendable {
    private let parts: RequestParts

    /// A head with these parts.
    public init(
        method: HTTPRequest.Method, target: RequestTarget, authority: String? = nil, fields: HTTPFields = [:],
        version: HTTPVersion = .http11, keepsAlive: Bool = true, bodyLength: BodyLength = .none,
        expectsContinue: Bool = false
    ) {
        parts = target.parts.requestLine(method: method, version: version)
        parts.complete(
            authority: authority, fields: fields, keepsAlive: keepsAlive, bodyLength: bodyLength,
            expectsContinue: expectsContinue)
    }

    /// A head of parts that are complete.
    init(_ parts: RequestParts) {
        self.parts = parts
    }

    /// The method.
    public var method: HTTPRequest.Method { parts.method }
    /// The target, taken apart and decoded.
    public var target: RequestTarget { RequestTarget(parts) }
    /// The host, with its port if it has one: that of an absolute target, else the value of `Host`.
    public var authority: String? { parts.authority }
    /// The header fields without `Host`.
    public var fields: HTTPFields { parts.fields }
    /// The version the client speaks.
    public var version: HTTPVersion { parts.version }
    /// Whether the method is HEAD.
    var asksForHead: Bool { parts.method.rawValue.utf8.count == 4 && parts.method == .head }
    /// Whether there are fields besides `Host`.
    package var hasFields: Bool { !parts.fields.isEmpty }
    /// Whether the client is willing to send another request on the connection.
    public var keepsAlive: Bool { parts.keepsAlive }
    /// How long the body is.
    public var bodyLength: BodyLength { parts.bodyLength }
    /// Whether the client waits for `100 Continue` before it sends the body.
    public var expectsContinue: Bool { parts.expectsContinue }

    /// The head as other HTTP libraries take it: with the target as it was sent.
    public var request: HTTPRequest {
        HTTPRequest(
            method: method, scheme: target.scheme, authority: authority, path: target.raw, headerFields: fields)
    }
}

extension RequestHead: Equatable {
    /// Whether all parts are equal.
    public static func == (one: RequestHead, other: RequestHead) -> Bool {
        one.parts === other.parts
            || one.method == other.method && one.target == other.target && one.authority == other.authority
                && one.fields == other.fields && one.version == other.version && one.keepsAlive == other.keepsAlive
                && one.bodyLength == other.bodyLength && one.expectsContinue == other.expectsContinue
    }
}
