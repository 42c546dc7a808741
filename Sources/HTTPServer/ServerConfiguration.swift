public import Concurrency
public import HTTP

/// The limits and deadlines of a server; every one has a default that is safe on the open internet.
///
/// The memory that clients can make the server hold is bounded by `maximumHeldBodyBytes` for bodies, by
/// `maximumConnections` × (`limits.maximumHeaderBytes` + one read) for heads, and by one answer a connection.
public struct ServerConfiguration: Sendable {
    /// Where to listen (default: 127.0.0.1:8080 alone).
    public var addresses = [ListenAddress(host: "127.0.0.1", port: 8080, isIPv6: false)]
    /// The permissions of a Unix-domain socket's file (default: 0660, the user and the group).
    public var unixSocketMode: UInt16 = 0o660
    /// The limits of a request; over one of them the answer is 400, 413, 414 or 431.
    public var limits = Limits()

    /// Connections open at once (default: 4096).
    ///
    /// As in nginx, a new client at the limit takes the place of the connections that have been idle for longest; if
    /// none is idle it waits in the kernel's backlog until a place is free.
    public var maximumConnections = 4096
    /// Connections the kernel completes before they are accepted; more are left to the client's retries (default: 511).
    public var backlog = 511
    /// Connections accepted before those open get their turn (default: 64).
    public var maximumAcceptsPerTurn = 64
    /// Bytes of request bodies held at once, by declared length; a body that goes over gets a 503 (default: 256 MiB).
    ///
    /// A chunked body counts as `limits.maximumBodyBytes`. One body of that size is always allowed.
    public var maximumHeldBodyBytes = 256 << 20

    /// Requests answered at once, each on a queue of its own (default: twice the cores, at least 4).
    public var handlerCount = max(4, 2 * ComputePool.availableCores)
    /// Requests that wait for a handler; one more gets a 503 with `Retry-After` (default: 64).
    public var queueLength = 64
    /// Urgent requests (``RequestHandler/isUrgent(_:)``) answered at once, on queues of their own (default: 1).
    public var urgentHandlerCount = 1
    /// What `Retry-After` says (default: 1 s; whole seconds, rounded up).
    public var retryAfter = Timeout.seconds(1)

    /// From accept, or from the first byte of a later request, to the end of its head: 408 (default: 10 s).
    public var headerTimeout = Timeout.seconds(10)
    /// For each 8 KiB of a body: 408 (default: 30 s).
    public var bodyTimeout = Timeout.seconds(30)
    /// From the end of a request to its answer, the wait for a handler included: 503 (default: 120 s).
    public var handlerTimeout = Timeout.seconds(120)
    /// For each 8 KiB of an answer: the connection is closed (default: 30 s).
    public var writeTimeout = Timeout.seconds(30)
    /// Between two requests: the connection is closed (default: 60 s).
    public var keepAliveTimeout = Timeout.seconds(60)
    /// After an answer that ends a connection, for the client to read it and close (default: 2 s).
    public var lingerTimeout = Timeout.seconds(2)
    /// For running requests once the server is to stop (default: 30 s).
    public var drainTimeout = Timeout.seconds(30)

    /// Whether each request is logged, at level `info` (default: true).
    public var accessLog = true

    /// The defaults.
    public init() {}

    var timeouts: Timeouts {
        Timeouts(
            header: headerTimeout.nanoseconds, bodyProgress: bodyTimeout.nanoseconds,
            handler: handlerTimeout.nanoseconds, writeProgress: writeTimeout.nanoseconds,
            keepAlive: keepAliveTimeout.nanoseconds, drain: lingerTimeout.nanoseconds)
    }

    /// Whole seconds for `Retry-After`, at least 1.
    var retryAfterSeconds: Int {
        max(1, Int(retryAfter.seconds.rounded(.up)))
    }
}
