internal import Concurrency
internal import HTTP
internal import Logging

/// A request for a handler.
///
/// The I/O thread makes it and gets it back with the answer: what is allocated and freed on one thread costs a tenth of
/// what goes from one to another.
final class HandlerWork: Sendable {
    let request: Request
    let requestID: String
    /// The connection that waits for the answer.
    let connection: UInt64
    /// Stops the handler.
    let token: CancellationToken
    /// When the request was admitted.
    let start: Instant
    /// Whether it is for the urgent queues.
    let isUrgent: Bool

    init(
        request: Request, requestID: String, connection: UInt64, token: CancellationToken, start: Instant,
        isUrgent: Bool
    ) {
        self.request = request
        self.requestID = requestID
        self.connection = connection
        self.token = token
        self.start = start
        self.isUrgent = isUrgent
    }

    /// What the handler answers; nil if nobody waits for it any more, or the loop has answered that it took too long.
    func response(from handler: any RequestHandler, time: any TimeSource, logger: Logger) -> Response? {
        if token.isCancelled { return nil }
        let context = RequestContext(
            requestID: requestID, token: token, waited: time.now - start, logger: logger)
        return handler.respond(to: request, context: context)
    }
}
