internal import Jobs

/// A job's row, and what is done to it within a transaction.
///
/// Whoever changes a job or a shard of it has locked the job's row first, so that changes of one job come one after the
/// other and nobody waits in a circle.
struct JobEntry {
    let number: Int64
    private(set) var job: Job

    /// The job with that name, which nobody else changes until the transaction ends where `isLocked`.
    init?(_ id: JobID, isLocked: Bool = false, in db: any SQLTransaction) throws {
        let row = try db.first("SELECT * FROM job WHERE id = $1\(isLocked ? db.locking : "")", [.text(id.text)])
        guard let row else { return nil }
        try self.init(row)
    }

    /// The job with that number, which nobody else changes until the transaction ends.
    init?(locking number: Int64, in db: any SQLTransaction) throws {
        let row = try db.first("SELECT * FROM job WHERE number = $1\(db.locking)", [.integer(number)])
        guard let row else { return nil }
        try self.init(row)
    }

    init(_ row: any SQLRow) throws {
        number = try row.integer("number")
        job = try row.job()
    }

    /// The place in the list behind it.
    var cursor: JobCursor { JobCursor(created: job.created, number: number) }

    /// Notes that a shard was claimed.
    mutating func begin(now: WallTime, in db: any SQLTransaction) throws {
        let isFirst = job.started == nil
        job.state = .running
        if isFirst { job.started = now }
        if job.workedFrom == nil { job.workedFrom = now }
        try save(in: db)
        if isFirst { try note(.started, now: now, in: db) }
    }

    mutating func countDone() { job.progress.done += 1 }

    /// Counts no more of the time of a worker that was lost than it may have been at work.
    mutating func countWork(ofLost lease: Lease, now: WallTime) {
        job.countWork(until: min(now, lease.until), goesOn: false)
    }

    mutating func countAttempt(_ attempts: Int, reason: String) {
        job.attempts = max(job.attempts, attempts)
        job.error = reason
    }

    /// Sets the state by the shards, and notes what happened.
    mutating func settle(_ event: JobEvent.Kind, isReleased: Bool, now: WallTime, in db: any SQLTransaction) throws {
        let next = try db.first(
            "SELECT due FROM shard WHERE job = $1 AND state = 0 ORDER BY due NULLS FIRST, place LIMIT 1",
            [.integer(number)])
        let due = next?.optionalTime("due")
        let isHeldUp = due.map { $0 > now } ?? false
        let leased = try db.first(
            "SELECT COUNT(*) AS leased FROM shard WHERE job = $1 AND state = 1", [.integer(number)])
        let held = try leased?.count("leased") ?? 0
        job.state = .open(isReleased: isReleased, leased: held, isHeldUp: isHeldUp)
        job.countWork(until: now, goesOn: held > 0)
        if job.state == .retryable, let due { job.scheduled = due }
        try save(in: db)
        try note(event, now: now, in: db)
    }

    /// Ends the job: nobody holds a shard of it any more.
    mutating func end(_ state: JobState, error: String? = nil, now: WallTime, in db: any SQLTransaction) throws {
        job.state = state
        job.finished = now
        job.countWork(until: now, goesOn: false)
        if let error { job.error = error }
        try db.run(
            """
            UPDATE shard SET state = 0, due = NULL, lease = NULL, worker = NULL, until = NULL
            WHERE job = $1 AND state = 1
            """, [.integer(number)])
        try save(in: db)
        try note(.ended, now: now, in: db)
    }

    /// Has a job that was cancelled go on, from the shards that are done.
    mutating func reopen(now: WallTime, in db: any SQLTransaction) throws {
        job.finished = nil
        try settle(.reopened, isReleased: true, now: now, in: db)
    }

    /// Writes the job's row; whether a shard can be claimed follows from the shards.
    func save(in db: any SQLTransaction) throws {
        let isOpen = !job.state.isEnded
        try db.run(
            """
            UPDATE job SET state = $2, attempts = $3, scheduled = $4, started = $5, finished = $6, error = $7, done = $8,
                worked = $10, worked_from = $11,
                claimable = CASE WHEN $9 = 1 AND EXISTS (
                    SELECT 1 FROM shard WHERE job = $1 AND state = 0 AND due IS NULL) THEN 1 ELSE 0 END,
                due = CASE WHEN $9 = 1 THEN (
                    SELECT MIN(due) FROM shard WHERE job = $1 AND state = 0 AND due IS NOT NULL) END
            WHERE number = $1
            """,
            [
                .integer(number), .text(job.state.rawValue), .count(job.attempts),
                .integer(job.scheduled.milliseconds), .integer(job.started?.milliseconds),
                .integer(job.finished?.milliseconds), .text(job.error), .count(job.progress.done),
                .integer(isOpen ? 1 : 0), .integer(job.worked), .integer(job.workedFrom?.milliseconds),
            ])
    }

    func note(_ kind: JobEvent.Kind, now: WallTime, in db: any SQLTransaction) throws {
        try db.run(
            """
            INSERT INTO event (job, time, kind, state, done, total, error) VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            [
                .integer(number), .integer(now.milliseconds), .text(kind.rawValue), .text(job.state.rawValue),
                .count(job.progress.done), .count(job.progress.total), .text(job.error),
            ])
    }
}
