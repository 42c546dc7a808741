/// Keeps jobs and their shards, so that each shard's result counts exactly once whoever dies when.
///
/// Every call is one transaction: it happens wholly or, where it throws, not at all. Times are handed in. Safe to share
/// between threads, and a durable store between processes; every call may block.
public protocol JobStore: Sendable {
    /// Takes a job in, or finds the one that is the same request.
    ///
    /// It is the same where the client has used its idempotency key, or where a job of the client with its identity was not
    /// discarded. One that was cancelled, unless the key stood for it, is open again and goes on from the shards that are
    /// done. When this returns, the job survives a loss of power.
    ///
    /// - Parameter clientLimit: how many jobs that have not ended one client may have; nil for any number.
    /// - Throws: `keyUsed` where the key stands for a job of another identity, `tooManyJobs`, `noSpace`.
    func enqueue(_ new: NewJob, clientLimit: Int?, now: WallTime) throws(JobsError) -> EnqueuedJob

    /// A lease on the next shard: of the job with the highest priority, then of the oldest; the first of its shards.
    ///
    /// Nil where no shard waits that the worker can do and the limit for one client allows.
    func claim(_ request: ClaimRequest, now: WallTime) throws(JobsError) -> ClaimedShard?

    /// Extends leases, and tells which of them are still held; the others were taken away.
    func heartbeat(_ leases: [LeaseToken], until: WallTime) throws(JobsError) -> Set<LeaseToken>

    /// Keeps the result of a shard and marks it as done; completes the job with its last one.
    ///
    /// - Returns: the job, as it stands with the result.
    /// - Throws: `leaseLost` where the shard is another's by now, done, or its job has ended.
    @discardableResult
    func commit(_ result: [UInt8], of lease: LeaseToken, now: WallTime) throws(JobsError) -> Job

    /// Puts a shard back to be tried again, or discards the job with the failure's reason where that is of no use or was
    /// tried as often as it may be.
    ///
    /// - Throws: `leaseLost` as ``commit(_:of:now:)`` does.
    @discardableResult
    func fail(_ lease: LeaseToken, _ failure: ShardFailure, now: WallTime) throws(JobsError) -> Job

    /// Gives shards back to be claimed at once, as if they had never been claimed; the number of them that were held.
    @discardableResult
    func giveBack(_ leases: [LeaseToken], now: WallTime) throws(JobsError) -> Int

    /// Ends a job. Its leases are lost, and results kept so far stay.
    ///
    /// - Throws: `unknownJob`, or `ended` for a job that is completed or discarded; a second time does nothing.
    @discardableResult
    func cancel(_ id: JobID, now: WallTime) throws(JobsError) -> Job

    /// Takes back up to `limit` leases whose time was over before `now`; the number of them.
    ///
    /// Each counts as an attempt that came to nothing.
    @discardableResult
    func rescue(limit: Int, now: WallTime) throws(JobsError) -> Int

    /// Removes up to `limit` jobs that ended before `time`, with all that belongs to them; the number of them.
    @discardableResult
    func prune(endedBefore time: WallTime, limit: Int) throws(JobsError) -> Int

    /// The job with that name; nil where there is none.
    func job(_ id: JobID) throws(JobsError) -> Job?

    /// The jobs that `filter` includes, newest first, behind `cursor`; at most `limit` of them.
    ///
    /// Jobs that come or go meanwhile neither repeat nor hide others on the pages that follow.
    func jobs(_ filter: JobFilter, after cursor: JobCursor?, limit: Int) throws(JobsError) -> JobPage

    /// What a job works on; nil where there is no such job, or it has none.
    func input(of id: JobID) throws(JobsError) -> [UInt8]?

    /// The shards of a job, in order; none where there is no such job.
    func shards(of id: JobID) throws(JobsError) -> [JobShard]

    /// The results of a job so far, in the order of its shards.
    func results(of id: JobID) throws(JobsError) -> [ShardResult]

    /// What happened to a job behind the event with that number (0: from the beginning); at most `limit` events.
    func events(of id: JobID, after number: Int64, limit: Int) throws(JobsError) -> [JobEvent]

    /// How many jobs are in each state.
    func counts() throws(JobsError) -> [JobState: Int]

    /// When the oldest job came that is available; nil where none is.
    func oldestAvailable() throws(JobsError) -> WallTime?
}
