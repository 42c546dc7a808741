internal import Concurrency
internal import HTTP
internal import HTTPTypes

/// A request on its way through the server, from its head to the last byte of its answer.
///
/// It belongs to its connection, as one request follows the other on it, and so to the event loop.
final class Exchange {
    /// The status of a request whose client went away before there was an answer, as in nginx.
    private static let clientHasGone = 499

    /// Whether there is a request.
    private(set) var isOpen = false
    private(set) var requestID = ""
    /// Nil where the request was too broken to have one.
    private var head: RequestHead?
    /// Who asks: behind a trusted proxy, the client it forwards for.
    private(set) var caller: Caller
    /// What counts the client's requests in flight; nil unless they come through a trusted proxy.
    private(set) var countedClient: IPAddress?
    private(set) var start: Instant
    /// When its answer was there.
    private(set) var answerStart: Instant?

    /// What a handler is at work on, or is to be; nil if none is.
    var work: HandlerWork?
    /// Where the rest of the answer's body comes from, while it comes over time.
    var source: (any BodySource)?
    /// The status of the answer, once there is one.
    private(set) var status: Int?
    /// Bytes the kernel took since the request began.
    var sentBytes = 0
    /// Bytes of the body, once it is there.
    var receivedBytes = 0
    /// Who sends the request, if the handler knows.
    var client: String?

    /// No request yet, on a connection of that peer.
    init(peer: Caller, now: Instant) {
        caller = peer
        start = now
    }

    /// Begins with a request, after the end of the one before.
    func open(requestID: String, head: RequestHead?, start: Instant) {
        precondition(!isOpen, "a request within another")
        isOpen = true
        self.requestID = requestID
        self.head = head
        self.start = start
        (answerStart, status, client) = (nil, nil, nil)
        (sentBytes, receivedBytes) = (0, 0)
    }

    /// Names the client that a proxy forwards the request for, and what counts its requests.
    func forward(for caller: Caller, countedAs client: IPAddress?) {
        self.caller = caller
        countedClient = client
    }

    /// Takes word of the answer that was given.
    func answer(status: Int, at now: Instant) {
        self.status = status
        answerStart = now
    }

    /// Ends with the request: what there is to count of it.
    func close(at end: Instant) -> RequestSummary {
        isOpen = false
        if let source {
            source.stop()
            self.source = nil
        }
        if work != nil { work = nil }
        return RequestSummary(
            head: head.take(), status: status.take() ?? Self.clientHasGone, receivedBytes: receivedBytes,
            sentBytes: sentBytes, duration: end - start)
    }

    /// Whether a handler is at work on the request, or is to be.
    var isAtWork: Bool { work != nil && status == nil }

    /// The line of the access log for a request that is over.
    func entry(end: Instant) -> AccessLog.Entry {
        AccessLog.Entry(
            method: head?.method.rawValue ?? "-", path: head?.target.path ?? "-",
            status: status ?? Self.clientHasGone, bytes: sentBytes, milliseconds: (end - start).seconds * 1000,
            peer: caller.name, client: client, requestID: requestID)
    }
}
