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
///
/// A head goes through many hands and has a dozen parts: they stand in one object, which all its copies share.
public struct RequestHead: Sendable {
    private let parts: Parts

    /// A head with these parts.
    public init(
        method: HTTPRequest.Method, target: RequestTarget, authority: String? = nil, fields: HTTPFields = [:],
        version: HTTPVersion = .http11, keepsAlive: Bool = true, bodyLength: BodyLength = .none,
        expectsContinue: Bool = false
    ) {
        parts = Parts(
            method: method, target: target, authority: authority, fields: fields, version: version,
            keepsAlive: keepsAlive, bodyLength: bodyLength, expectsContinue: expectsContinue)
    }

    /// The method.
    public var method: HTTPRequest.Method { parts.method }
    /// The target, taken apart and decoded.
    public var target: RequestTarget { parts.target }
    /// The host, with its port if it has one: that of an absolute target, else the value of `Host`.
    public var authority: String? { parts.authority }
    /// The header fields without `Host`.
    public var fields: HTTPFields { parts.fields }
    /// The version the client speaks.
    public var version: HTTPVersion { parts.version }
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

    private final class Parts: Sendable {
        let method: HTTPRequest.Method
        let target: RequestTarget
        let authority: String?
        let fields: HTTPFields
        let version: HTTPVersion
        let keepsAlive: Bool
        let bodyLength: BodyLength
        let expectsContinue: Bool

        init(
            method: HTTPRequest.Method, target: RequestTarget, authority: String?, fields: HTTPFields,
            version: HTTPVersion, keepsAlive: Bool, bodyLength: BodyLength, expectsContinue: Bool
        ) {
            self.method = method
            self.target = target
            self.authority = authority
            self.fields = fields
            self.version = version
            self.keepsAlive = keepsAlive
            self.bodyLength = bodyLength
            self.expectsContinue = expectsContinue
        }
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
