internal import Foundation
internal import GRDB
internal import Jobs

/// A job's row, and what is done to it within a transaction.
struct JobEntry {
    let number: Int64
    private(set) var job: Job

    init?(_ id: JobID, in db: Database) throws {
        guard let row = try db.first("SELECT * FROM job WHERE id = ?", [id.text]) else { return nil }
        try self.init(row)
    }

    init?(number: Int64, in db: Database) throws {
        guard let row = try db.first("SELECT * FROM job WHERE number = ?", [number]) else { return nil }
        try self.init(row)
    }

    init(_ row: Row) throws {
        number = row["number"]
        job = try row.job()
    }

    /// The place in the list behind it.
    var cursor: JobCursor { JobCursor(created: job.created, number: number) }

    /// Notes that a shard was claimed.
    mutating func begin(now: WallTime, in db: Database) throws {
        let isFirst = job.started == nil
        job.state = .running
        if isFirst { job.started = now }
        try save(in: db)
        if isFirst { try note(.started, now: now, in: db) }
    }

    mutating func countDone() { job.progress.done += 1 }

    mutating func countAttempt(_ attempts: Int, reason: String) {
        job.attempts = max(job.attempts, attempts)
        job.error = reason
    }

    /// Sets the state by the shards, and notes what happened.
    mutating func settle(_ event: JobEvent.Kind, isReleased: Bool, now: WallTime, in db: Database) throws {
        let next = try db.first(
            "SELECT due FROM shard WHERE job = ? AND state = 0 ORDER BY due, place LIMIT 1", [number])
        let due = next?.optionalTime("due")
        let isHeldUp = due.map { $0 > now } ?? false
        let leased = try db.first("SELECT COUNT(*) AS leased FROM shard WHERE job = ? AND state = 1", [number])
        job.state = .open(isReleased: isReleased, leased: leased?["leased"] ?? 0, isHeldUp: isHeldUp)
        if job.state == .retryable, let due { job.scheduled = due }
        try save(in: db)
        try note(event, now: now, in: db)
    }

    /// Ends the job: nobody holds a shard of it any more.
    mutating func end(_ state: JobState, error: String? = nil, now: WallTime, in db: Database) throws {
        job.state = state
        job.finished = now
        if let error { job.error = error }
        try db.run(
            """
            UPDATE shard SET state = 0, due = NULL, lease = NULL, worker = NULL, until = NULL
            WHERE job = ? AND state = 1
            """, [number])
        try save(in: db)
        try note(.ended, now: now, in: db)
    }

    /// Writes the job's row.
    private func save(in db: Database) throws {
        let due = try db.first(
            "SELECT MIN(due) AS due FROM shard WHERE job = ? AND state = 0 AND due IS NOT NULL", [number])
        let ready = try db.first(
            "SELECT 1 FROM shard WHERE job = ? AND state = 0 AND due IS NULL LIMIT 1", [number])
        let isOpen = !job.state.isEnded
        try db.run(
            """
            UPDATE job SET state = ?, attempts = ?, scheduled = ?, started = ?, finished = ?, error = ?, done = ?,
                claimable = ?, due = ?
            WHERE number = ?
            """,
            [
                job.state.rawValue, job.attempts, job.scheduled.milliseconds, job.started?.milliseconds,
                job.finished?.milliseconds, job.error, job.progress.done, isOpen && ready != nil ? 1 : 0,
                isOpen ? due?["due"] as Int64? : nil, number,
            ])
    }

    func note(_ kind: JobEvent.Kind, now: WallTime, in db: Database) throws {
        try db.run(
            "INSERT INTO event (job, time, kind, state, done, total, error) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                number, now.milliseconds, kind.rawValue, job.state.rawValue, job.progress.done, job.progress.total,
                job.error,
            ])
    }
}
