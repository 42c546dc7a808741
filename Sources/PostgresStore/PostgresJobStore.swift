internal import Concurrency
public import Jobs

/// Jobs in a PostgreSQL database, which any number of machines share: `FOR UPDATE SKIP LOCKED` lets workers claim side by
/// side, `NOTIFY` wakes those that wait.
///
/// A job that was taken in or cancelled, and each result of a shard, survives a crash of the server. Claims and heartbeats of
/// its last second may not; the shards are then leased anew. Lost connections are opened again; a call fails where
/// that is of no use within about half a minute.
public final class PostgresJobStore: JobStore {
    let pool: PostgresPool
    private let address: String
    private let schema: String

    /// The store in the database at `address`, a `postgresql://` address or words such as `host=… dbname=…`.
    ///
    /// - Parameters:
    ///   - schema: the database's schema for the tables, which is made unless it is there.
    ///   - connections: the most connections at a time; calls wait for one another beyond that.
    /// - Throws: `JobsError.failed` where the database cannot be reached or used.
    public init(address: String, schema: String = "switchback", connections: Int = 4) throws(JobsError) {
        (self.address, self.schema) = (address, schema)
        pool = PostgresPool(address: address, schema: schema, most: connections)
        try PostgresSchema.migrate(pool, schema: schema, throwing: JobsError.self)
    }

    /// Tells `wakeUp` whenever a shard may have become claimable, on any machine, until the listener is released.
    public func listener(_ wakeUp: WakeUp) -> JobListener {
        JobListener(address: address, schema: schema) { wakeUp.notify() }
    }

    /// Takes a job in, or finds the one that is the same request.
    public func enqueue(_ new: NewJob, clientLimit: Int?, now: WallTime) throws(JobsError) -> EnqueuedJob {
        try pool.transaction("take a job in") { db in
            if let same = try Enqueuing.same(as: new, in: db) { return EnqueuedJob(job: same, isNew: false) }
            try Enqueuing.checkLimit(clientLimit, of: new.client, in: db)
            let job = try Enqueuing.insert(new, now: now, in: db)
            try JobListener.notify(in: db)
            return EnqueuedJob(job: job, isNew: true)
        }
    }

    /// A lease on the next shard.
    public func claim(_ request: ClaimRequest, now: WallTime) throws(JobsError) -> ClaimedShard? {
        try pool.transaction("claim a shard", isDurable: false) { db in
            try Claiming.claim(request, now: now, in: db)
        }
    }

    /// Extends leases, and tells which of them are still held.
    public func heartbeat(_ leases: [LeaseToken], until: WallTime) throws(JobsError) -> Set<LeaseToken> {
        try pool.transaction("extend leases", isDurable: false) { db in
            var held: Set<LeaseToken> = []
            for lease in leases {
                let changes = try db.run(
                    "UPDATE shard SET until = $1 WHERE lease = $2 AND state = 1",
                    [.integer(until.milliseconds), .text(lease.text)])
                if changes > 0 { held.insert(lease) }
            }
            return held
        }
    }

    /// Keeps the result of a shard and marks it as done.
    @discardableResult
    public func commit(_ result: [UInt8], of lease: LeaseToken, now: WallTime) throws(JobsError) -> Job {
        try pool.transaction("keep a result") { db in
            var shard = try LeasedShard(lease, in: db)
            return try shard.commit(result, now: now, in: db)
        }
    }

    /// Puts a shard back to be tried again, or discards the job.
    @discardableResult
    public func fail(_ lease: LeaseToken, _ failure: ShardFailure, now: WallTime) throws(JobsError) -> Job {
        try pool.transaction("note a failure") { db in
            var shard = try LeasedShard(lease, in: db)
            return try shard.fail(failure, now: now, in: db)
        }
    }

    /// Gives shards back to be claimed at once.
    @discardableResult
    public func giveBack(_ leases: [LeaseToken], now: WallTime) throws(JobsError) -> Int {
        try pool.transaction("give leases back") { db in
            var count = 0
            for lease in leases {
                guard var shard = try LeasedShard.ifHeld(lease, in: db) else { continue }
                try shard.giveBack(now: now, in: db)
                count += 1
            }
            if count > 0 { try JobListener.notify(in: db) }
            return count
        }
    }

    /// Ends a job.
    @discardableResult
    public func cancel(_ id: JobID, now: WallTime) throws(JobsError) -> Job {
        try pool.transaction("cancel a job") { db in
            guard var entry = try JobEntry(id, isLocked: true, in: db) else { throw JobsError.unknownJob(id) }
            if entry.job.state == .cancelled { return entry.job }
            if entry.job.state.isEnded { throw JobsError.ended(id, entry.job.state) }
            try entry.end(.cancelled, now: now, in: db)
            return entry.job
        }
    }
}
