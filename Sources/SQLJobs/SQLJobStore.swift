public import Jobs

/// Jobs in a database that speaks SQL, with the tables of `Documentation/JobStates.md`.
///
/// What a call has done survives `kill -9` of the process at any moment. Whoever changes a job or a shard of it has locked
/// the job's row first.
public final class SQLJobStore<Database: SQLDatabase>: JobStore {
    /// Where the jobs are.
    public let database: Database

    /// The store in a database that has the tables.
    public init(_ database: Database) { self.database = database }

    /// Takes a job in, or finds the one that is the same request.
    public func enqueue(_ new: NewJob, clientLimit: Int?, now: WallTime) throws(JobsError) -> EnqueuedJob {
        try database.write("take a job in", .promised) { db in
            if let same = try Enqueuing.same(as: new, in: db) { return EnqueuedJob(job: same, isNew: false) }
            try Enqueuing.checkLimit(clientLimit, of: new.client, in: db)
            let reopened = try Enqueuing.reopened(as: new, now: now, in: db)
            let job = try reopened ?? Enqueuing.insert(new, now: now, in: db)
            try db.notify()
            return EnqueuedJob(job: job, isNew: reopened == nil)
        }
    }

    /// A lease on the next shard.
    public func claim(_ request: ClaimRequest, now: WallTime) throws(JobsError) -> ClaimedShard? {
        if database.writesOneAtATime {
            // Workers that wait look every now and then: they keep nobody from writing.
            let mayFind = try database.read("look for work") { db in
                try Claiming.mayFind(request, now: now, in: db)
            }
            guard mayFind else { return nil }
        }
        return try database.write("claim a shard", .claims) { db in
            try Claiming.claim(request, now: now, in: db)
        }
    }

    /// Extends leases, and tells which of them are still held.
    public func heartbeat(_ leases: [LeaseToken], until: WallTime) throws(JobsError) -> Set<LeaseToken> {
        try database.write("extend leases", .claims) { db in
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
        try database.write("keep a result", .results) { db in
            var shard = try LeasedShard(lease, in: db)
            return try shard.commit(result, now: now, in: db)
        }
    }

    /// Puts a shard back to be tried again, or discards the job.
    @discardableResult
    public func fail(_ lease: LeaseToken, _ failure: ShardFailure, now: WallTime) throws(JobsError) -> Job {
        try database.write("note a failure", .results) { db in
            var shard = try LeasedShard(lease, in: db)
            return try shard.fail(failure, now: now, in: db)
        }
    }

    /// Gives shards back to be claimed at once.
    @discardableResult
    public func giveBack(_ leases: [LeaseToken], now: WallTime) throws(JobsError) -> Int {
        try database.write("give leases back", .results) { db in
            var count = 0
            for lease in leases {
                guard var shard = try LeasedShard.ifHeld(lease, in: db) else { continue }
                try shard.giveBack(now: now, in: db)
                count += 1
            }
            if count > 0 { try db.notify() }
            return count
        }
    }

    /// Ends a job.
    @discardableResult
    public func cancel(_ id: JobID, now: WallTime) throws(JobsError) -> Job {
        try database.write("cancel a job", .promised) { db in
            guard var entry = try JobEntry(id, isLocked: true, in: db) else { throw JobsError.unknownJob(id) }
            if entry.job.state == .cancelled { return entry.job }
            if entry.job.state.isEnded { throw JobsError.ended(id, entry.job.state) }
            try entry.end(.cancelled, now: now, in: db)
            // Whoever is at a shard of it finds out at once.
            try db.notify()
            return entry.job
        }
    }
}
