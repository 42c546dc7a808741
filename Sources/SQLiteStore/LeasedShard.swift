internal import GRDB
internal import Jobs

/// A shard that somebody holds a lease on, and how the lease ends.
struct LeasedShard {
    let place: Int
    let lease: Lease
    private let attempts: Int
    private var entry: JobEntry

    /// Throws `leaseLost` where nobody holds that lease.
    init(_ token: LeaseToken, in db: Database) throws {
        guard let shard = try LeasedShard(ifHeld: token, in: db) else { throw JobsError.leaseLost(token) }
        self = shard
    }

    /// Nil where nobody holds that lease.
    init?(ifHeld token: LeaseToken, in db: Database) throws {
        guard let row = try db.first("SELECT * FROM shard WHERE lease = ? AND state = 1", [token.text]),
            let entry = try JobEntry(number: row["job"], in: db)
        else { return nil }
        place = row["place"]
        lease = try row.lease()
        attempts = row["attempts"]
        self.entry = entry
    }

    mutating func commit(_ result: [UInt8], now: WallTime, in db: Database) throws -> Job {
        try release(to: .done, in: db)
        try db.run(
            "INSERT INTO result (job, place, bytes) VALUES (?, ?, ?)", [entry.number, place, result.data])
        entry.countDone()
        try entry.settle(.progress, isReleased: false, now: now, in: db)
        if entry.job.progress.done == entry.job.progress.total { try entry.end(.completed, now: now, in: db) }
        return entry.job
    }

    mutating func fail(_ failure: ShardFailure, now: WallTime, in db: Database) throws -> Job {
        guard let retry = failure.retry else {
            try lose(until: nil, reason: failure.reason, in: db)
            try entry.end(.discarded, error: failure.reason, now: now, in: db)
            return entry.job
        }
        try lose(until: retry, reason: failure.reason, in: db)
        try settle(.failed, isReleased: false, now: now, in: db)
        return entry.job
    }

    mutating func giveBack(now: WallTime, in db: Database) throws {
        try release(to: .waiting, in: db)
        try entry.settle(.released, isReleased: true, now: now, in: db)
    }

    mutating func rescue(now: WallTime, in db: Database) throws {
        try lose(until: nil, reason: LostWorker.reason(lease.worker, shard: place), in: db)
        try settle(.released, isReleased: true, now: now, in: db)
    }

    /// Puts the shard back behind an attempt that came to nothing.
    private mutating func lose(until due: WallTime?, reason: String, in db: Database) throws {
        try release(to: .waiting, due: due, attempts: attempts + 1, in: db)
        entry.countAttempt(attempts + 1, reason: reason)
    }

    /// Settles the job behind a lost attempt, or discards it where that was the last.
    private mutating func settle(_ event: JobEvent.Kind, isReleased: Bool, now: WallTime, in db: Database) throws {
        if entry.job.attempts >= entry.job.maximumAttempts {
            try entry.end(.discarded, now: now, in: db)
        } else {
            try entry.settle(event, isReleased: isReleased, now: now, in: db)
        }
    }

    private func release(
        to state: ShardState, due: WallTime? = nil, attempts: Int? = nil, in db: Database
    ) throws {
        try db.run(
            """
            UPDATE shard SET state = ?, due = ?, attempts = ?, lease = NULL, worker = NULL, until = NULL
            WHERE job = ? AND place = ?
            """, [state.rawValue, due?.milliseconds, attempts ?? self.attempts, entry.number, place])
    }
}
