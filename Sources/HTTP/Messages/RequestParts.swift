internal import HTTPTypes

/// What the lines of a request say, in one object that the head, its target and all their copies share: they go through
/// many hands, and a dozen parts would be copied each time.
///
/// The parser makes it of the request line and completes it at the end of the header.
final class RequestParts {
    let method: HTTPRequest.Method
    let version: HTTPVersion

    // Of the target.
    let raw: String
    /// Nil where the target is a plain path.
    let details: TargetDetails?

    // Of the header.
    private(set) var authority: String?
    private(set) var fields = HTTPFields()
    private(set) var keepsAlive = true
    private(set) var bodyLength = BodyLength.none
    private(set) var expectsContinue = false

    /// A request line of these parts.
    init(method: HTTPRequest.Method, version: HTTPVersion, raw: String, details: TargetDetails?) {
        self.method = method
        self.version = version
        self.raw = raw
        self.details = details
    }

    /// The same request line in an object of its own, with no header yet.
    func requestLine(method: HTTPRequest.Method, version: HTTPVersion) -> RequestParts {
        RequestParts(method: method, version: version, raw: raw, details: details)
    }

    /// Adds what the header says; only whoever has made the object, while nobody else has it, may do so.
    func complete(
        authority: String?, fields: HTTPFields, keepsAlive: Bool, bodyLength: BodyLength, expectsContinue: Bool
    ) {
        self.authority = authority
        self.fields = fields
        self.keepsAlive = keepsAlive
        self.bodyLength = bodyLength
        self.expectsContinue = expectsContinue
    }
}

// @unchecked because it changes only while one reference to it exists, which `complete` asks of its callers.
extension RequestParts: @unchecked Sendable {}
