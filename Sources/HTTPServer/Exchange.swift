internal import Concurrency
internal import HTTP
internal import HTTPTypes

/// A request on its way through the server, from its head to the last byte of its answer.
///
/// It belongs to the event loop, as its connection does.
final class Exchange {
    /// The status of a request whose client went away before there was an answer, as in nginx.
    private static let clientHasGone = 499

    let requestID: String
    /// Nil where the request was too broken to have one.
    private let head: RequestHead?
    /// Who asks: behind a trusted proxy, the client it forwards for.
    let caller: Caller
    /// What counts the client's requests in flight; nil unless they come through a trusted proxy.
    let countedClient: IPAddress?
    let start: Instant
    /// When its answer was there.
    var answerStart: Instant?

    /// What a handler is at work on, or is to be; nil if none is.
    var work: HandlerWork?
    /// The status of the answer, once there is one.
    var status: Int?
    /// Bytes the kernel took since the request began.
    var sentBytes = 0
    /// Bytes of the body, once it is there.
    var receivedBytes = 0
    /// Who sends the request, if the handler knows.
    var client: String?

    init(requestID: String, head: RequestHead?, caller: Caller, countedClient: IPAddress?, start: Instant) {
        self.caller = caller
        self.countedClient = countedClient
        self.requestID = requestID
        self.head = head
        self.start = start
    }

    /// The version the client speaks, as far as it is known.
    var version: HTTPVersion? { head?.version }

    /// What there is to count of a request that is over.
    func summary(end: Instant) -> RequestSummary {
        RequestSummary(
            head: head, status: status ?? Self.clientHasGone, receivedBytes: receivedBytes, sentBytes: sentBytes,
            duration: end - start)
    }

    /// The line of the access log for a request that is over.
    func entry(end: Instant) -> AccessLog.Entry {
        AccessLog.Entry(
            method: head?.method.rawValue ?? "-", path: head?.target.path ?? "-",
            status: status ?? Self.clientHasGone, bytes: sentBytes, milliseconds: (end - start).seconds * 1000,
            peer: caller.name, client: client, requestID: requestID)
    }
}
