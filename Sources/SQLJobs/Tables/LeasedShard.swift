internal import Jobs

/// A shard that somebody holds a lease on, and how the lease ends; its job is locked.
struct LeasedShard {
    let place: Int
    let lease: Lease
    private let attempts: Int
    private var entry: JobEntry

    /// Throws `leaseLost` where nobody holds that lease.
    init(_ token: LeaseToken, in db: any SQLTransaction) throws {
        let statement = "SELECT * FROM shard WHERE lease = $1 AND state = 1"
        guard let found = try db.first(statement, [.text(token.text)]),
            let entry = try JobEntry(locking: try found.integer("job"), in: db),
            // The lease may have ended while somebody else had the job locked.
            let row = try db.first(statement, [.text(token.text)])
        else { throw JobsError.leaseLost(token) }
        place = try row.count("place")
        lease = try row.lease()
        attempts = try row.count("attempts")
        self.entry = entry
    }

    /// The shard with that lease; nil where nobody holds it.
    static func ifHeld(_ token: LeaseToken, in db: any SQLTransaction) throws -> LeasedShard? {
        do {
            return try LeasedShard(token, in: db)
        } catch JobsError.leaseLost {
            return nil
        }
    }

    mutating func commit(_ result: [UInt8], now: WallTime, in db: any SQLTransaction) throws -> Job {
        try release(to: .done, in: db)
        try db.run(
            "INSERT INTO result (job, place, bytes) VALUES ($1, $2, $3)",
            [.integer(entry.number), .count(place), .bytes(result)])
        entry.countDone()
        try entry.settle(.progress, isReleased: false, now: now, in: db)
        if entry.job.progress.done == entry.job.progress.total { try entry.end(.completed, now: now, in: db) }
        return entry.job
    }

    mutating func fail(_ failure: ShardFailure, now: WallTime, in db: any SQLTransaction) throws -> Job {
        guard let retry = failure.retry else {
            try lose(until: nil, reason: failure.reason, in: db)
            try entry.end(.discarded, error: failure.reason, now: now, in: db)
            return entry.job
        }
        try lose(until: retry, reason: failure.reason, in: db)
        try settle(.failed, isReleased: false, now: now, in: db)
        return entry.job
    }

    mutating func giveBack(now: WallTime, in db: any SQLTransaction) throws {
        try release(to: .waiting, in: db)
        try entry.settle(.released, isReleased: true, now: now, in: db)
    }

    mutating func rescue(now: WallTime, in db: any SQLTransaction) throws {
        try lose(until: nil, reason: LostWorker.reason(lease.worker, shard: place), in: db)
        entry.countWork(ofLost: lease, now: now)
        try settle(.released, isReleased: true, now: now, in: db)
    }

    /// Puts the shard back behind an attempt that came to nothing.
    private mutating func lose(until due: WallTime?, reason: String, in db: any SQLTransaction) throws {
        try release(to: .waiting, due: due, attempts: attempts + 1, in: db)
        entry.countAttempt(attempts + 1, reason: reason)
    }

    /// Settles the job behind a lost attempt, or discards it where that was the last.
    private mutating func settle(
        _ event: JobEvent.Kind, isReleased: Bool, now: WallTime, in db: any SQLTransaction
    ) throws {
        if entry.job.attempts >= entry.job.maximumAttempts {
            try entry.end(.discarded, now: now, in: db)
        } else {
            try entry.settle(event, isReleased: isReleased, now: now, in: db)
        }
    }

    private func release(
        to state: ShardState, due: WallTime? = nil, attempts: Int? = nil, in db: any SQLTransaction
    ) throws {
        try db.run(
            """
            UPDATE shard SET state = $1, due = $2, attempts = $3, lease = NULL, worker = NULL, until = NULL
            WHERE job = $4 AND place = $5
            """,
            [
                .integer(state.rawValue), .integer(due?.milliseconds), .count(attempts ?? self.attempts),
                .integer(entry.number), .count(place),
            ])
    }
}
