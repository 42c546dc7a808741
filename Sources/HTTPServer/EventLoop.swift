internal import Concurrency
internal import Foundation
internal import HTTP
internal import HTTPTypes
internal import Logging

/// The one I/O thread's work: waits for readiness, messages and deadlines, and serves them in turn.
///
/// Made and used on that thread alone; a value, since looking at run time whether two accesses to an object's storage
/// overlap took a tenth of the loop's own time. Nothing in it blocks but the wait. The socket side is in `+Accepting`,
/// the requests in `+Serving` and `+Requests`, the end in `+Draining`.
struct EventLoop: ~Copyable {
    /// Numbers in the poll and the deadline heap that are no connections.
    enum Reserved {
        static let mailbox: UInt64 = 0
        static let accepting: UInt64 = 1
        static let drainLimit: UInt64 = 2
        static let drainStart: UInt64 = 3
        static let firstListener: UInt64 = 16
        static let firstConnection: UInt64 = 1 << 16
    }

    /// Whether new connections are taken.
    enum Accepting: Equatable {
        case open
        /// Until an alarm, or until a connection closes.
        case paused
        case ended
    }

    let core: ServerCore
    /// What holds for every connection.
    let rules: ConnectionRules
    var poll: Poll
    var listeners: [Listener]
    /// What new connections of the `https` listeners begin with; nil if there are none.
    var tls: TLSContext?
    var connections = ConnectionTable(firstID: Reserved.firstConnection)
    var deadlines = DeadlineHeap()
    /// What the alarms may grow to before those of closed connections are swept out.
    var alarmLimit = 1024
    var crowd = Crowd()
    /// The time at the beginning of this turn.
    var now: Instant
    /// One read's worth of heads and small bodies; it belongs to whichever connection is being read.
    var buffer: [UInt8]
    /// One read's worth of a large body.
    var longBuffer = [UInt8](repeating: 0, count: 128 << 10)
    let requestIDField = HTTPField.Name("X-Request-Id")
    var requestIDs = RequestIDs()
    /// What handlers know that answer at once: the same but for the request id.
    var immediate: RequestContext
    /// Whether anybody sees the access log.
    let isLogging: Bool
    /// Connections of each peer that is no trusted proxy.
    var peers = PeerTable()
    /// Requests in flight of each client of a trusted proxy.
    var clients = PeerTable()
    var heldBodies = HeldBytes()
    /// The storage of a long body that was read, for the next one.
    var spareBody: [UInt8] = []
    var heldOutput = HeldBytes()
    var accepting = Accepting.open
    /// Whether the log has been told of the shortage that the listeners wait for.
    var shortageIsKnown = false
    /// When the loop stops though requests are running; nil unless it drains.
    var drainLimit: Instant?
    /// The limit of a drain that has not begun.
    var plannedDrainLimit: Instant?
    var finished: [AccessLog.Entry] = []
    /// How many requests were given to the handler queues that have not been told to start.
    var submitted = 0
    /// The messages that this turn deals with; empty between turns.
    private var inbox: [LoopMessage] = []
    /// So many messages at once are usual.
    private static let keptMessages = 1024
    private(set) var date = (second: Int64.min, text: "")
    private var dateIsOfThisTurn = false

    /// A loop that serves the listeners.
    ///
    /// They and the mailbox are watched by the poll already; it closes listeners and poll in the end.
    init(core: ServerCore, poll: Poll, listeners: [Listener], tls: TLSContext?) {
        precondition(Reserved.firstListener + UInt64(listeners.count) < Reserved.firstConnection, "too many listeners")
        self.core = core
        rules = ConnectionRules(limits: core.configuration.limits, timeouts: core.configuration.timeouts)
        self.poll = poll
        self.listeners = listeners
        let readBytes = max(ServerConfiguration.leastReadBytes, core.configuration.maximumPipelinedBytes)
        buffer = [UInt8](repeating: 0, count: readBytes)
        self.tls = tls
        immediate = RequestContext(requestID: "", logger: core.logger)
        isLogging = core.configuration.accessLog && core.logger.logLevel <= .info
        now = core.time.now
    }

    /// Serves until it has been drained; throws if the kernel no longer lets it.
    mutating func run() throws(HTTPServerError) {
        defer { tearDown() }
        while drainLimit == nil || !connections.isEmpty {
            let ready = try poll.wait(milliseconds: millisecondsToNextDeadline)
            now = core.time.now
            dateIsOfThisTurn = false
            for report in ready { serve(report) }
            ringAlarms()
            startHandlers()
            if !finished.isEmpty {
                core.accessLog.record(finished)
                // The log has them now: it writes them on a queue of its own.
                finished = []
            }
            tell(.turned)
        }
    }

    /// Tells the tests, if any listen.
    func tell(_ event: @autoclosure () -> ServerEvent) {
        if let observe = core.observe { observe(event()) }
    }

    /// Brings the value of the `Date` field up to date: the clock is read once a turn, the text made once a second.
    mutating func updateDate() {
        if dateIsOfThisTurn { return }
        dateIsOfThisTurn = true
        let second = Int64(Date().timeIntervalSince1970)
        if second != date.second { date = (second, HTTPDate.format(second)) }
    }

    private mutating func serve(_ report: Readiness) {
        switch report.id {
        case Reserved.mailbox:
            core.mailbox.takeAll(into: &inbox)
            for message in inbox { receive(message) }
            inbox.removeAll(keepingCapacity: inbox.count <= Self.keptMessages)
        case Reserved.firstConnection...:
            // An event of a connection that was closed earlier in this turn finds nobody.
            if let connection = connections[report.id] { serve(connection, report.events) }
        default:
            let index = Int(report.id - Reserved.firstListener)
            if listeners.indices.contains(index) { acceptWaiting(at: listeners[index]) }
        }
    }

    private mutating func receive(_ message: LoopMessage) {
        switch message {
        case .answer(let response, let work):
            keepStorage(of: work.request.body)
            guard let connection = connections[work.connection] else { return }
            answer(connection, with: response, to: work.request.sequence)
            advance(connection)
        case .more(let id):
            guard let connection = connections[id] else { return }
            feed(connection)
            advance(connection)
        case .drain(let start, let limit): planDrain(from: start, until: limit)
        case .useTLS(let context): tls = context
        case .wake: tell(.woken)
        }
    }

    private mutating func ringAlarms() {
        while let id = deadlines.takeDue(at: now) {
            switch id {
            case Reserved.accepting: resumeAccepting()
            case Reserved.drainStart: if let plannedDrainLimit { drain(until: plannedDrainLimit) }
            case Reserved.drainLimit: abandonAll()
            default: if let connection = connections[id] { ring(connection) }
            }
        }
    }

    private var millisecondsToNextDeadline: Int32 {
        guard let earliest = deadlines.earliest else { return -1 }
        // Rounded up: the kernel must not wake the loop before the deadline has passed.
        let nanoseconds = (earliest - core.time.now).nanoseconds
        return Int32(clamping: nanoseconds / 1_000_000 + (nanoseconds.isMultiple(of: 1_000_000) ? 0 : 1))
    }

    private mutating func tearDown() {
        abandonAll()
        endAccepting()
        core.mailbox.close()
        core.accessLog.record(finished)
        poll.close()
    }
}
