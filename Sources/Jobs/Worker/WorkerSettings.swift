public import Concurrency

/// How a worker works, each with its default.
public struct WorkerSettings: Equatable, Sendable {
    /// How long a lease holds without a heartbeat, in milliseconds; 30 seconds unless told.
    ///
    /// It is how late the shard of a worker that died is done. ``Worker/heartbeat()`` is to be called several times in it.
    public var leaseMilliseconds: Int64
    /// How long a worker that found nothing waits before it looks again by itself; half a second unless told.
    public var pollInterval: Timeout
    /// How many shards of one client may be leased at once; any number unless told.
    public var perClient: Int?
    /// The only job that it works on; any that it can do unless told.
    public var job: JobID?
    /// How long a shard that failed waits.
    public var backoff: Backoff

    /// Settings, each at its default unless given.
    public init(
        leaseMilliseconds: Int64 = 30_000, pollInterval: Timeout = .milliseconds(500), perClient: Int? = nil,
        job: JobID? = nil, backoff: Backoff = Backoff()
    ) {
        self.leaseMilliseconds = leaseMilliseconds
        self.pollInterval = pollInterval
        self.perClient = perClient
        self.job = job
        self.backoff = backoff
    }
}
