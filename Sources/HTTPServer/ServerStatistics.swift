/// What a server has done and is doing, for metrics.
public struct ServerStatistics: Sendable, Equatable {
    /// Connections open now.
    public var connections = 0
    /// Connections accepted since the start.
    public var acceptedConnections = 0
    /// Requests answered since the start, refusals included.
    public var requests = 0
    /// Requests that a handler is answering now.
    public var runningHandlers = 0
    /// Requests that wait for a handler.
    public var queuedRequests = 0
    /// Requests refused with 503 because a queue was full, the wait too long or memory short, since the start.
    public var refusedRequests = 0
    /// Requests refused with 429, and connections closed at once, because their client had too many, since the start.
    public var peerRefusals = 0
    /// Connections that made way because their clients were the slowest when memory was short, since the start.
    public var slowClients = 0
    /// Connections that TLS has ended since the start: a handshake that failed, a certificate refused, a broken record.
    public var tlsFailures = 0
    /// Whether the server is to stop and takes no new work for granted: readiness should say no.
    public var isDraining = false
    /// Lines the access log has lost because its output was too slow, since the start.
    public var lostLogLines = 0

    /// Statistics of a server that has done nothing.
    public init() {}
}
