internal import Jobs

/// How a job gets in, or is found to be there, within a transaction.
///
/// Where another process puts in the same request at the same time, the indexes refuse the second, whose transaction is
/// then tried again and finds the first.
enum Enqueuing {
    /// The job that is the same request, if there is one; the key stands for it from now on.
    static func same(as new: NewJob, in db: any SQLTransaction) throws -> Job? {
        if let key = new.idempotencyKey {
            let keyed = try db.first(
                """
                SELECT job.* FROM idempotency_key JOIN job ON job.number = idempotency_key.job
                WHERE idempotency_key.client = $1 AND idempotency_key.key = $2
                """, [.text(new.client), .text(key)])
            if let keyed {
                guard try keyed.text("identity") == new.identity else { throw JobsError.keyUsed(key) }
                return try keyed.job()
            }
        }
        let identical = try db.first(
            """
            SELECT * FROM job WHERE client = $1 AND identity = $2 AND state NOT IN ('cancelled', 'discarded')
            """, [.text(new.client), .text(new.identity)])
        guard let identical else { return nil }
        try insertKey(of: new, number: try identical.integer("number"), in: db)
        return try identical.job()
    }

    static func checkLimit(_ limit: Int?, of client: String, in db: any SQLTransaction) throws {
        guard let limit else { return }
        // One client's jobs come one after the other, so that two do not both find room for one.
        try db.lock("jobs of \(client)")
        let open = try db.first(
            "SELECT COUNT(*) AS open FROM job WHERE client = $1 AND finished IS NULL", [.text(client)])
        if try open?.count("open") ?? 0 >= limit { throw JobsError.tooManyJobs(client: client, maximum: limit) }
    }

    /// The job of the same request that was cancelled last, open again; nil where there is none.
    static func reopened(as new: NewJob, now: WallTime, in db: any SQLTransaction) throws -> Job? {
        let cancelled = try db.first(
            """
            SELECT * FROM job WHERE state = 'cancelled' AND client = $1 AND identity = $2
            ORDER BY number DESC LIMIT 1\(db.locking)
            """, [.text(new.client), .text(new.identity)])
        guard let cancelled else { return nil }
        var entry = try JobEntry(cancelled)
        try entry.reopen(now: now, in: db)
        try insertKey(of: new, number: entry.number, in: db)
        return entry.job
    }

    static func insert(_ new: NewJob, now: WallTime, in db: any SQLTransaction) throws -> Job {
        if let input = new.input {
            try db.run(
                "INSERT INTO input (digest, bytes) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                [.text(input.digest), .bytes(input.bytes)])
        }
        let row = try db.first(
            """
            INSERT INTO job (id, kind, requirement, payload, identity, input, client, priority, state, attempts,
                maximum_attempts, created, scheduled, done, total, claimable)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11, $11, 0, $12, 1) RETURNING *
            """,
            [
                .text(new.id.text), .text(new.kind), .text(new.requirement), .bytes(new.payload), .text(new.identity),
                .text(new.input?.digest), .text(new.client), .count(new.priority),
                .text(JobState.available.rawValue), .count(new.maximumAttempts), .integer(now.milliseconds),
                .count(new.shards.count),
            ])
        guard let row else { throw JobsError.failed(operation: "take a job in", reason: "it is not there") }
        let entry = try JobEntry(row)
        for (place, items) in new.shards.enumerated() {
            try db.run(
                "INSERT INTO shard (job, place, items, state, attempts) VALUES ($1, $2, $3, 0, 0)",
                [.integer(entry.number), .count(place), .bytes(items)])
        }
        try insertKey(of: new, number: entry.number, in: db)
        try entry.note(.created, now: now, in: db)
        return entry.job
    }

    private static func insertKey(of new: NewJob, number: Int64, in db: any SQLTransaction) throws {
        guard let key = new.idempotencyKey else { return }
        try db.run(
            "INSERT INTO idempotency_key (client, key, job) VALUES ($1, $2, $3)",
            [.text(new.client), .text(key), .integer(number)])
    }
}
