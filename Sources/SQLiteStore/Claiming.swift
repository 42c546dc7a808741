internal import GRDB
internal import Jobs

/// How the next shard is found and leased, within a transaction: by seeks in indexes alone, however many jobs wait.
enum Claiming {
    /// A job whose shard may be claimed.
    private struct Candidate {
        let number: Int64
        let priority: Int

        init(_ row: Row) {
            number = row["number"]
            priority = row["priority"]
        }

        /// Whether it is to be claimed before another.
        func precedes(_ other: Candidate) -> Bool { (other.priority, number) < (priority, other.number) }
    }

    /// Whether a shard waits for a time that has come.
    static func hasDue(now: WallTime, in db: Database) throws -> Bool {
        try db.first("SELECT 1 FROM job WHERE due <= ? LIMIT 1", [now.milliseconds]) != nil
    }

    static func claim(_ request: ClaimRequest, now: WallTime, in db: Database) throws -> ClaimedShard? {
        try readyDue(now: now, in: db)
        guard let number = try next(request, in: db), var entry = try JobEntry(number: number, in: db),
            let shard = try db.first(
                "SELECT * FROM shard WHERE job = ? AND state = 0 AND due IS NULL ORDER BY place LIMIT 1", [number])
        else { return nil }
        let (place, lease): (Int, Lease) = (shard["place"], request.lease)
        try db.run(
            "UPDATE shard SET state = 1, lease = ?, worker = ?, until = ? WHERE job = ? AND place = ?",
            [lease.token.text, lease.worker, lease.until.milliseconds, number, place])
        try entry.begin(now: now, in: db)
        return ClaimedShard(
            job: entry.job, index: place, items: shard.bytes("items"), attempt: shard["attempts"] + 1, lease: lease)
    }

    /// Makes shards claimable whose time to be tried again has come.
    private static func readyDue(now: WallTime, in db: Database) throws {
        for row in try db.all("SELECT number FROM job WHERE due <= ? LIMIT 100", [now.milliseconds]) {
            let number: Int64 = row["number"]
            try db.run(
                "UPDATE shard SET due = NULL WHERE job = ? AND state = 0 AND due <= ?", [number, now.milliseconds])
            try db.run(
                """
                UPDATE job SET claimable = 1, due =
                    (SELECT MIN(due) FROM shard WHERE job = ?1 AND state = 0 AND due IS NOT NULL)
                WHERE number = ?1
                """, [number])
        }
    }

    /// The number of the job whose shard is next.
    static func next(_ request: ClaimRequest, in db: Database) throws -> Int64? {
        let full = try fullClients(request.perClient, in: db)
        var best: Candidate?
        for kind in request.kinds {
            for requirement in request.requirements {
                for candidate in try candidates(kind, requirement, without: full, in: db) {
                    if best.map({ candidate.precedes($0) }) ?? true { best = candidate }
                }
            }
        }
        return best?.number
    }

    private static func candidates(
        _ kind: String, _ requirement: String, without full: Set<String>, in db: Database
    ) throws -> [Candidate] {
        if full.isEmpty {
            return try db.all(
                """
                SELECT number, priority FROM job INDEXED BY job_claimable
                WHERE claimable = 1 AND kind = ? AND requirement = ? ORDER BY priority DESC, number LIMIT 1
                """, [kind, requirement]
            ).map(Candidate.init)
        }
        return try clients(kind, requirement, in: db).filter { !full.contains($0) }.flatMap { client in
            try db.all(
                """
                SELECT number, priority FROM job INDEXED BY job_claimable_client
                WHERE claimable = 1 AND kind = ? AND requirement = ? AND client = ?
                ORDER BY priority DESC, number LIMIT 1
                """, [kind, requirement, client]
            ).map(Candidate.init)
        }
    }

    /// The clients whose jobs can be claimed: a seek each, however many jobs they have.
    private static func clients(_ kind: String, _ requirement: String, in db: Database) throws -> [String] {
        try db.all(
            """
            WITH RECURSIVE waiting (client) AS (
                SELECT MIN(client) FROM job WHERE claimable = 1 AND kind = ?1 AND requirement = ?2
                UNION ALL
                SELECT (
                    SELECT MIN(client) FROM job
                    WHERE claimable = 1 AND kind = ?1 AND requirement = ?2 AND client > waiting.client)
                FROM waiting WHERE waiting.client IS NOT NULL
            )
            SELECT client FROM waiting WHERE client IS NOT NULL
            """, [kind, requirement]
        ).map { $0["client"] }
    }

    private static func fullClients(_ limit: Int?, in db: Database) throws -> Set<String> {
        guard let limit else { return [] }
        let full = try db.all(
            """
            SELECT job.client FROM shard JOIN job ON job.number = shard.job WHERE shard.state = 1
            GROUP BY job.client HAVING COUNT(*) >= ?
            """, [limit])
        return Set(full.map { $0["client"] })
    }
}
