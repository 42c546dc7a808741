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
    /// Requests refused with 503 because the queue was full, since the start.
    public var refusedRequests = 0
    /// Lines the access log has lost because its output was too slow, since the start.
    public var lostLogLines = 0

    /// Statistics of a server that has done nothing.
    public init() {}
}
