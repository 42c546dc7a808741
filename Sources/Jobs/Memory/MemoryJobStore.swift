internal import Concurrency

/// Jobs in the memory of this process, gone with it: what a service has that is given no directory, and the plainest
/// statement of what every store does.
///
/// A claim looks at every job that has not ended.
public final class MemoryJobStore: JobStore {
    private let table = Guarded(JobTable())

    /// An empty store.
    public init() {}

    /// Takes a job in, or finds the one that is the same request.
    public func enqueue(_ new: NewJob, clientLimit: Int?, now: WallTime) throws(JobsError) -> EnqueuedJob {
        try table.withLock { table throws(JobsError) in try table.enqueue(new, clientLimit: clientLimit, now: now) }
    }

    /// A lease on the next shard.
    public func claim(_ request: ClaimRequest, now: WallTime) -> ClaimedShard? {
        table.withLock { $0.claim(request, now: now) }
    }

    /// Extends leases, and tells which of them are still held.
    public func heartbeat(_ leases: [LeaseToken], until: WallTime) -> Set<LeaseToken> {
        table.withLock { $0.heartbeat(leases, until: until) }
    }

    /// Keeps the result of a shard and marks it as done.
    @discardableResult
    public func commit(_ result: [UInt8], of lease: LeaseToken, now: WallTime) throws(JobsError) -> Job {
        try table.withLock { table throws(JobsError) in try table.commit(result, of: lease, now: now) }
    }

    /// Puts a shard back to be tried again, or discards the job.
    @discardableResult
    public func fail(_ lease: LeaseToken, _ failure: ShardFailure, now: WallTime) throws(JobsError) -> Job {
        try table.withLock { table throws(JobsError) in try table.fail(lease, failure, now: now) }
    }

    /// Gives shards back to be claimed at once.
    @discardableResult
    public func giveBack(_ leases: [LeaseToken], now: WallTime) -> Int {
        table.withLock { table in leases.count { table.giveBack($0, now: now) } }
    }

    /// Ends a job.
    @discardableResult
    public func cancel(_ id: JobID, now: WallTime) throws(JobsError) -> Job {
        try table.withLock { table throws(JobsError) in try table.cancel(id, now: now) }
    }

    /// Takes back leases whose time was over before `now`.
    @discardableResult
    public func rescue(limit: Int, now: WallTime) -> Int { table.withLock { $0.rescue(limit: limit, now: now) } }

    /// Removes jobs that ended before `time`.
    @discardableResult
    public func prune(endedBefore time: WallTime, limit: Int) -> Int {
        table.withLock { $0.prune(endedBefore: time, limit: limit) }
    }

    /// The job with that name.
    public func job(_ id: JobID) -> Job? { table.withLock { $0.record(id)?.job } }

    /// Jobs, newest first.
    public func jobs(_ filter: JobFilter, after cursor: JobCursor?, limit: Int) -> JobPage {
        table.withLock { $0.page(filter, after: cursor, limit: limit) }
    }

    /// What a job works on.
    public func input(of id: JobID) -> [UInt8]? { table.withLock { $0.input(of: id) } }

    /// The shards of a job, in order.
    public func shards(of id: JobID) -> [JobShard] {
        table.withLock { table in table.record(id).map { $0.shards.map(\.shard) } ?? [] }
    }

    /// The results of a job so far, in the order of its shards.
    public func results(of id: JobID) -> [ShardResult] { table.withLock { $0.record(id)?.results ?? [] } }

    /// What happened to a job behind an event.
    public func events(of id: JobID, after number: Int64, limit: Int) -> [JobEvent] {
        table.withLock { table in
            Array((table.record(id)?.events ?? []).drop { $0.number <= number }.prefix(limit))
        }
    }

    /// When the oldest job came that is available.
    public func oldestAvailable() -> WallTime? {
        table.withLock { table in
            table.records.values.lazy.filter { $0.job.state == .available }.map(\.job.created).min()
        }
    }

    /// How many jobs are in each state.
    public func counts() -> [JobState: Int] {
        table.withLock { table in
            table.records.values.reduce(into: [:]) { $0[$1.job.state, default: 0] += 1 }
        }
    }
}
