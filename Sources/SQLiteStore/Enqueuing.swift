internal import Foundation
internal import GRDB
internal import Jobs

/// How a job gets in, or is found to be there, within a transaction.
enum Enqueuing {
    /// The job that is the same request, if there is one; the key stands for it from now on.
    static func same(as new: NewJob, in db: Database) throws -> Job? {
        if let key = new.idempotencyKey {
            let keyed = try db.first(
                """
                SELECT job.* FROM idempotency_key JOIN job ON job.number = idempotency_key.job
                WHERE idempotency_key.client = ? AND idempotency_key.key = ?
                """, [new.client, key])
            if let keyed {
                guard keyed["identity"] == new.identity else { throw JobsError.keyUsed(key) }
                return try keyed.job()
            }
        }
        let identical = try db.first(
            """
            SELECT * FROM job WHERE client = ? AND identity = ? AND state NOT IN ('cancelled', 'discarded')
            """, [new.client, new.identity])
        guard let identical else { return nil }
        try insertKey(of: new, number: identical["number"], in: db)
        return try identical.job()
    }

    static func checkLimit(_ limit: Int?, of client: String, in db: Database) throws {
        guard let limit else { return }
        let open = try db.first("SELECT COUNT(*) AS open FROM job WHERE client = ? AND finished IS NULL", [client])
        if open?["open"] ?? 0 >= limit { throw JobsError.tooManyJobs(client: client, maximum: limit) }
    }

    static func insert(_ new: NewJob, now: WallTime, in db: Database) throws -> Job {
        if let input = new.input {
            try db.run(
                "INSERT INTO input (digest, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [input.digest, input.bytes.data])
        }
        try db.run(
            """
            INSERT INTO job (id, kind, requirement, payload, identity, input, client, priority, state, attempts,
                maximum_attempts, created, scheduled, done, total, claimable)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, 0, ?, 1)
            """,
            [
                new.id.text, new.kind, new.requirement, new.payload.data, new.identity, new.input?.digest, new.client,
                new.priority, JobState.available.rawValue, new.maximumAttempts, now.milliseconds, now.milliseconds,
                new.shards.count,
            ])
        guard let entry = try JobEntry(new.id, in: db) else {
            throw JobsError.failed(operation: "take a job in", reason: "it is not there")
        }
        for (place, items) in new.shards.enumerated() {
            try db.run(
                "INSERT INTO shard (job, place, items, state, attempts) VALUES (?, ?, ?, 0, 0)",
                [entry.number, place, items.data])
        }
        try insertKey(of: new, number: entry.number, in: db)
        try entry.note(.created, now: now, in: db)
        return entry.job
    }

    private static func insertKey(of new: NewJob, number: Int64, in db: Database) throws {
        guard let key = new.idempotencyKey else { return }
        try db.run(
            "INSERT INTO idempotency_key (client, key, job) VALUES (?, ?, ?)", [new.client, key, number])
    }
}
