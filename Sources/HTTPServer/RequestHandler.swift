public import Concurrency
public import HTTP
public import Logging

/// What a server asks for its answers.
///
/// All but ``respond(to:context:)`` are called on the I/O thread, where everybody waits: they must not block.
public protocol RequestHandler: Sendable {
    /// The answer to a request.
    ///
    /// Called on one of the server's handler queues, where it may block. Long work asks `context.token`.
    func respond(to request: Request, context: RequestContext) -> Response

    /// The answer to a request that is refused by its head alone (401, 413, 415), or nil to go on. Default: nil.
    ///
    /// Every request is asked about once, before its body is read and before it waits for a handler.
    func refusal(of head: RequestHead, requestID: String) -> Response?

    /// Whether the request must not wait behind busy handlers (health checks). Default: false.
    func isUrgent(_ head: RequestHead) -> Bool

    /// The answer given at once, on the I/O thread, or nil to go through the queues. Default: nil.
    ///
    /// For small constant answers.
    func immediateResponse(to request: Request, context: RequestContext) -> Response?

    /// How a refusal that the server decides by itself is told. Default: `text/plain`.
    ///
    /// `head` is nil where the request could not be read so far. The server adds `Retry-After`, `X-Request-Id` and
    /// `Connection` itself.
    func response(refusing error: HTTPError, head: RequestHead?, requestID: String) -> Response

    /// Who sends the request, by a name for the access log, or nil. Default: nil.
    ///
    /// Asked only where there is a log.
    func client(of head: RequestHead) -> String?

    /// Takes word of a request that is over, however it ended. Default: nothing.
    func finished(_ request: RequestSummary)
}

extension RequestHandler {
    /// Nil: the body is read.
    public func refusal(of head: RequestHead, requestID: String) -> Response? { nil }

    /// False: the request waits its turn.
    public func isUrgent(_ head: RequestHead) -> Bool { false }

    /// Nil: the request goes through the queues.
    public func immediateResponse(to request: Request, context: RequestContext) -> Response? { nil }

    /// Nil: the log names nobody.
    public func client(of head: RequestHead) -> String? { nil }

    /// Nothing.
    public func finished(_ request: RequestSummary) {}

    /// The error's words as plain text.
    public func response(refusing error: HTTPError, head: RequestHead?, requestID: String) -> Response {
        Response(status: error.status, contentType: "text/plain; charset=utf-8", text: "\(error)\n")
    }
}

/// What a handler knows besides the request.
public struct RequestContext: Sendable {
    /// The client's `X-Request-Id` if it was well-formed, else one the server made; the answer carries it.
    public internal(set) var requestID: String
    /// Stops when the client has gone, when the handler's deadline has passed, and when the server stops.
    public let token: CancellationToken
    /// How long the request waited for a handler.
    public let waited: Timeout
    private let base: Logger

    /// A context of a request; handlers' tests make them.
    public init(
        requestID: String, token: CancellationToken = .never, waited: Timeout = Timeout(nanoseconds: 0), logger: Logger
    ) {
        self.requestID = requestID
        self.token = token
        self.waited = waited
        base = logger
    }

    /// A logger whose lines carry the request id.
    public var logger: Logger {
        var logger = base
        logger[metadataKey: "request_id"] = "\(requestID)"
        return logger
    }
}
