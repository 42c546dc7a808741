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
public struct RequestHead: Equatable, Sendable {
    /// Method, authority (that of an absolute target, else `Host`), target as sent, and the header fields without `Host`.
    public var request: HTTPRequest
    /// The target, taken apart and decoded.
    public var target: RequestTarget
    /// The version the client speaks.
    public var version: HTTPVersion
    /// Whether the client is willing to send another request on the connection.
    public var keepsAlive: Bool
    /// How long the body is.
    public var bodyLength: BodyLength
    /// Whether the client waits for `100 Continue` before it sends the body.
    public var expectsContinue: Bool

    /// A head with these parts.
    public init(
        request: HTTPRequest, target: RequestTarget, version: HTTPVersion = .http11, keepsAlive: Bool = true,
        bodyLength: BodyLength = .none, expectsContinue: Bool = false
    ) {
        self.request = request
        self.target = target
        self.version = version
        self.keepsAlive = keepsAlive
        self.bodyLength = bodyLength
        self.expectsContinue = expectsContinue
    }
}
