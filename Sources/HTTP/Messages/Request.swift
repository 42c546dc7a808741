public import HTTPTypes

/// A whole request.
public struct Request: Sendable {
    /// Everything before the body.
    public let head: RequestHead
    /// The body, chunked framing taken off.
    public var body: [UInt8]
    /// The trailer fields of a chunked body; they are never mixed with the header's.
    public let trailers: HTTPFields
    /// The address of the client, or `unix`; behind a trusted proxy, of the client it forwards for.
    public var peer: String
    /// `http` or `https`, as the client sees it.
    public var scheme: String
    /// The number of the request on its connection, which the answer names.
    public let sequence: UInt64

    /// A request with these parts.
    public init(
        head: RequestHead, body: [UInt8] = [], trailers: HTTPFields = [:], peer: String = "", scheme: String = "http",
        sequence: UInt64 = 0
    ) {
        self.head = head
        self.body = body
        self.trailers = trailers
        self.peer = peer
        self.scheme = scheme
        self.sequence = sequence
    }

    /// A request for a target as it stands in a request line, to hand to a handler without a connection.
    public init(
        method: HTTPRequest.Method, target: String, fields: HTTPFields = [:], body: [UInt8] = []
    ) throws(HTTPError) {
        let parsed = try RequestTarget(target, method: method)
        let head = RequestHead(
            method: method, target: parsed, authority: parsed.authority ?? "localhost", fields: fields,
            bodyLength: body.isEmpty ? .none : .fixed(body.count))
        self.init(head: head, body: body)
    }

    /// The method.
    public var method: HTTPRequest.Method { head.method }

    /// The target, taken apart and decoded.
    public var target: RequestTarget { head.target }

    /// The header fields.
    public var fields: HTTPFields { head.fields }
}
