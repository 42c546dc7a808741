internal import Concurrency
internal import HTTP
internal import Logging

/// What the event loop and the handlers' threads share: all of it safe to share.
struct ServerCore: Sendable {
    let configuration: ServerConfiguration
    let handler: any RequestHandler
    let logger: Logger
    let time: any TimeSource
    let syscalls: Syscalls
    let mailbox: Mailbox<LoopMessage>
    let queues: HandlerQueues<HandlerWork>
    let urgentQueues: HandlerQueues<HandlerWork>
    let accessLog: AccessLog
    let counters: ServerCounters
    let observe: (@Sendable (ServerEvent) -> Void)?

    /// The queues that the work is for.
    func queues(for work: HandlerWork) -> HandlerQueues<HandlerWork> { work.isUrgent ? urgentQueues : queues }

    var statistics: ServerStatistics {
        var statistics = ServerStatistics()
        let (ordinary, urgent) = (queues.load, urgentQueues.load)
        statistics.connections = counters.connections.value
        statistics.acceptedConnections = counters.accepted.value
        statistics.requests = counters.requests.value
        statistics.runningHandlers = ordinary.running + urgent.running
        statistics.queuedRequests = ordinary.waiting + urgent.waiting
        statistics.refusedRequests = counters.refused.value
        statistics.peerRefusals = counters.peerRefusals.value
        statistics.slowClients = counters.slowClients.value
        statistics.tlsFailures = counters.tlsFailures.value
        statistics.isDraining = counters.isDraining
        statistics.lostLogLines = accessLog.lostCount
        return statistics
    }
}

/// What other threads tell the event loop.
enum LoopMessage: Sendable {
    /// The answer to a request, whose connection may have gone meanwhile.
    case answer(Response, HandlerWork)
    /// The body that a connection sends over time may have more.
    case more(UInt64)
    /// From `start` on, finish what is running, until `limit` at the latest, and stop.
    case drain(from: Instant, until: Instant)
    /// Begin new connections with these certificates.
    case useTLS(TLSContext)
    /// Look at the clock again.
    case wake
}
