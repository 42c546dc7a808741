public import Concurrency
public import HTTP

/// The limits and deadlines of a server; every one has a default that is safe on the open internet.
///
/// **Memory.** What clients can make the server hold is at most the sum of
///
/// - `maximumConnections` × (2 × (`limits.maximumRequestLineBytes` + `limits.maximumHeaderBytes`
///   + `maximumPipelinedBytes`) + 288 bytes for each of `limits.maximumHeaderCount` + 12 KiB) for heads, what is behind
///   them, small answers and the connections themselves: 152 KiB each;
/// - `maximumHeldBodyBytes` + `limits.maximumBodyBytes` for bodies, and 8 MiB for the next one;
/// - `maximumHeldOutputBytes`, 32 MiB of answers on their way to the I/O thread, and one answer each of `handlerCount`
///   + `urgentHandlerCount` handlers, for answers.
///
/// With the defaults on two cores that is 609 MiB + 296 MiB + 288 MiB + 5 answers, near 1.2 GiB under an attack that uses
/// every limit at once. What handlers hold while they work comes on top, and `handlerCount` bounds it; so do
/// the kernel's own buffers (`net.ipv4.tcp_mem`).
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
    /// Connections of one client at once, or its requests in flight where it comes through a trusted proxy
    /// (default: 256); more get a 429.
    ///
    /// A client is an IPv4 address or the /64 of an IPv6 one. Unix-domain sockets are exempt. Sensible values are well
    /// below `maximumConnections`.
    public var maximumConnectionsPerPeer = 256
    /// Proxies that tell who their clients are (default: none).
    public var trustedProxies = TrustedProxies()
    /// Bytes held of requests behind the one being answered, and what is read of a head at once (default: 16 KiB, the
    /// least there can be).
    ///
    /// More waits in the kernel, and when its buffer is full at the client.
    public var maximumPipelinedBytes = 16 << 10
    /// Requests answered on one connection; it closes after the last (default: 10,000).
    public var maximumRequestsPerConnection = 10_000
    /// Connections the kernel completes before they are accepted; more are left to the client's retries (default: 511).
    public var backlog = 511
    /// Connections accepted before those open get their turn (default: 64).
    public var maximumAcceptsPerTurn = 64
    /// Bytes of request bodies held at once, by the memory they take; one that grows over it gets a 503 (default: 256 MiB).
    ///
    /// One body of `limits.maximumBodyBytes` is always allowed. Clients that send theirs more slowly than others make way:
    /// 408. One client may hold a quarter of it, or one body of that size: 429.
    public var maximumHeldBodyBytes = 256 << 20
    /// Bytes of answers held at once for clients that have not taken them yet (default: 256 MiB).
    ///
    /// One answer is always allowed, and small ones are. Over it the connections of the clients that take theirs most
    /// slowly are closed; where that makes no room, the new answer becomes a 503. One client may hold a quarter of it, or
    /// one answer: 429.
    public var maximumHeldOutputBytes = 256 << 20

    /// Requests answered at once, each on a queue of its own (default: twice the cores, at least 4).
    public var handlerCount = max(4, 2 * ComputePool.availableCores)
    /// Requests that wait for a handler; one more gets a 503 with `Retry-After` (default: 64).
    public var queueLength = 64
    /// How long a request waits for a handler: 503 with `Retry-After` (default: 30 s).
    public var queueTimeout = Timeout.seconds(30)
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
    /// How long the server goes on as before once it is to stop, while ``ServerStatistics/isDraining`` says so already: a
    /// load balancer that asks for readiness then sends no more (default: 0).
    public var drainDelay = Timeout(nanoseconds: 0)
    /// For running requests once the server stops listening (default: 30 s).
    public var drainTimeout = Timeout.seconds(30)

    /// The certificates and rules of the `https` addresses (default: none, and then there can be none of those).
    public var tls: TLSConfiguration?

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
