internal import HTTPTypes

/// An HTTP/1.1 connection without its socket and without a clock.
///
/// Events go in by its methods; what is to be done comes out of ``nextAction(at:)``, in order, until that is nil. What
/// it stands at (whether to read, what to write, when the deadline is) can be asked at any time. Instants are
/// nanoseconds of any monotonic clock.
///
/// One request is in flight. The one behind it is not looked at before the answer is written whole, so a connection
/// holds at most what one read brought, one request and one answer.
///
///     head ──► inspecting ──► body ──► handling ──► writing ──► head …
///       │           │           │          │  └► streaming ─┘  │
///       └───────────┴───────────┴──────────┴► refusing         └──► draining ──► closed
public struct ConnectionState: ~Copyable, Sendable {
    enum Phase: Equatable, Sendable {
        /// Waiting for the next head, or for the rest of it.
        case head
        /// Waiting for word on whether to read the body.
        case inspecting
        case body
        /// Waiting for the answer.
        case handling
        /// Waiting for the rendering of a refusal, which is yet to be asked for while there is a ``refusal``.
        case refusing
        /// Writing a body that comes over time.
        case streaming
        /// Writing an answer; then on to the next request, or to the end.
        case writing(Next)
        /// Reading and dropping what still comes.
        case draining
        /// The close is yet to be asked for.
        case closing
        case closed
    }

    enum Next: Equatable, Sendable {
        case request, drain, close
    }

    let peer: String
    let scheme: String
    var phase = Phase.head
    var parser: RequestParser
    var output = OutputQueue()
    var head: RequestHead?
    /// The body that comes over time, while it does.
    var streaming: StreamState?
    /// Why the client is refused what it asks for.
    var refusal: HTTPError?
    var deadlineInstant: UInt64
    /// Bytes since the deadline was set.
    var progress = 0
    var isCancelDue = false
    var isDrainRequested = false
    var hasAnswered = false
    var hasReachedEnd = false

    /// The number of the current request on this connection, from 1.
    ///
    /// A refusal is counted as a request of its own.
    public internal(set) var sequence: UInt64 = 0

    /// A connection that was accepted at that instant.
    public init(rules: ConnectionRules = ConnectionRules(), peer: String, scheme: String = "http", at now: UInt64) {
        self.peer = peer
        self.scheme = scheme
        parser = RequestParser(rules: rules)
        deadlineInstant = Self.instant(now, rules.timeouts.header)
    }

    var timeouts: Timeouts { parser.rules.timeouts }

    /// Whether bytes from the client are wanted.
    ///
    /// While they are not, the client is held back by its full window.
    public var wantsToRead: Bool {
        switch phase {
        case .head, .body, .draining: !hasReachedEnd
        case .inspecting, .handling, .refusing, .streaming, .writing, .closing, .closed: false
        }
    }

    /// When ``passDeadline(at:)`` must be called; nil once the connection is closed.
    public var deadline: UInt64? { phase == .closed || phase == .closing ? nil : deadlineInstant }

    /// Whether there are bytes to write.
    public var hasOutput: Bool { output.byteCount > 0 && !isClosed }

    /// How many bytes there are to write.
    public var outputByteCount: Int { output.byteCount }

    /// How many bytes of memory the output takes: at least those to write.
    public var heldOutputByteCount: Int { output.heldByteCount }

    /// Whether a body is being read.
    public var isReadingBody: Bool { phase == .body }

    /// How many bytes of memory the body that is being read takes.
    package var heldBodyByteCount: Int { parser.bodyRoom }

    /// How many bytes are known to come that belong to no later request.
    public var expectedByteCount: Int {
        switch phase {
        case .body: parser.expectedByteCount
        case .draining: .max
        default: 0
        }
    }

    /// The head of the request that waits for its answer.
    package var currentHead: RequestHead? { head }

    /// In how many pieces the bytes lie; with more than one, `MSG_MORE` saves a packet.
    public var outputSegmentCount: Int { output.segmentCount }

    /// How many bytes of the client are held: not parsed yet, or parts of an unfinished body.
    public var bufferedByteCount: Int { parser.bufferedByteCount }

    /// Whether the connection is between two requests, with nothing of the next one there.
    public var isIdle: Bool { phase == .head && hasAnswered && parser.isBetweenRequests }

    /// Whether ``ConnectionAction/close`` has been or is about to be asked for.
    public var isClosed: Bool { phase == .closed || phase == .closing }

    /// Lends the first piece of the output; ``hasOutput`` must hold.
    ///
    /// Report what was written by ``wrote(_:at:)``.
    public func withOutput<R>(_ body: (Span<UInt8>) throws -> R) rethrows -> R {
        try output.withFirst(body)
    }

    static func instant(_ now: UInt64, _ timeout: UInt64) -> UInt64 {
        let (sum, overflow) = now.addingReportingOverflow(timeout)
        return overflow ? .max : sum
    }

    /// Sets the deadline of a new state, or a new one for the next progress.
    mutating func setDeadline(_ timeout: UInt64, at now: UInt64) {
        deadlineInstant = Self.instant(now, timeout)
        progress = 0
    }
}
