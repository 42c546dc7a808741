internal import Jobs

/// How the next shard is found and leased, within a transaction: by seeks in indexes alone, however many jobs wait.
enum Claiming {
    /// A job whose shard may be claimed.
    private struct Candidate {
        let number: Int64
        let priority: Int64

        init(_ row: any SQLRow) throws {
            number = try row.integer("number")
            priority = try row.integer("priority")
        }

        /// Whether it is to be claimed before another.
        func precedes(_ other: Candidate) -> Bool { (other.priority, number) < (priority, other.number) }
    }

    /// How many jobs of each kind are looked at where others have the first ones locked.
    private static let reach = 4

    /// The first jobs of a kind and a requirement.
    static let firstOfAll = """
        SELECT number, priority FROM job WHERE claimable = 1 AND kind = $1 AND requirement = $2
        ORDER BY priority DESC, number LIMIT \(reach)
        """

    /// Those of one client.
    static let firstOfClient = """
        SELECT number, priority FROM job WHERE claimable = 1 AND kind = $1 AND requirement = $2 AND client = $3
        ORDER BY priority DESC, number LIMIT \(reach)
        """

    /// One job.
    static let named = """
        SELECT number, priority, client FROM job WHERE claimable = 1 AND kind = $1 AND requirement = $2 AND id = $3
        """

    /// The jobs that have a shard whose time to be tried again has come.
    static let withDueShards = "SELECT * FROM job WHERE due <= $1 ORDER BY due, number LIMIT 100"

    static func claim(_ request: ClaimRequest, now: WallTime, in db: any SQLTransaction) throws -> ClaimedShard? {
        try readyDue(now: now, in: db)
        if request.perClient != nil {
            // Shards of a client are counted and claimed by one worker at a time.
            try db.lock("claims")
        }
        guard var entry = try lockNext(request, in: db) else { return nil }
        let shard = try db.first(
            "SELECT * FROM shard WHERE job = $1 AND state = 0 AND due IS NULL ORDER BY place LIMIT 1",
            [.integer(entry.number)])
        guard let shard else { return nil }
        let (place, lease) = (try shard.count("place"), request.lease)
        try db.run(
            "UPDATE shard SET state = 1, lease = $1, worker = $2, until = $3 WHERE job = $4 AND place = $5",
            [
                .text(lease.token.text), .text(lease.worker), .integer(lease.until.milliseconds),
                .integer(entry.number), .count(place),
            ])
        try entry.begin(now: now, in: db)
        return ClaimedShard(
            job: entry.job, index: place, items: try shard.bytes("items"), attempt: try shard.count("attempts") + 1,
            lease: lease)
    }

    /// Whether a claim may find something, for those who look before they keep others from writing.
    static func mayFind(_ request: ClaimRequest, now: WallTime, in db: any SQLTransaction) throws -> Bool {
        if try db.first("SELECT 1 FROM job WHERE due <= $1 LIMIT 1", [.integer(now.milliseconds)]) != nil {
            return true
        }
        return try !candidates(request, in: db).isEmpty
    }

    /// Makes shards claimable whose time to be tried again has come.
    private static func readyDue(now: WallTime, in db: any SQLTransaction) throws {
        let due = try db.all(
            withDueShards + db.lockingOthersLeftOut, [.integer(now.milliseconds)])
        for row in due {
            let entry = try JobEntry(row)
            try db.run(
                "UPDATE shard SET due = NULL WHERE job = $1 AND state = 0 AND due <= $2",
                [.integer(entry.number), .integer(now.milliseconds)])
            try entry.save(in: db)
        }
    }

    /// The job whose shard is next, locked: the first that nobody has locked just now, else the first.
    private static func lockNext(_ request: ClaimRequest, in db: any SQLTransaction) throws -> JobEntry? {
        let candidates = try candidates(request, in: db)
        for isWaiting in [false, true] {
            for candidate in candidates.prefix(isWaiting ? 1 : candidates.count) {
                let row = try db.first(
                    "SELECT * FROM job WHERE number = $1 AND claimable = 1\(isWaiting ? db.locking : db.lockingOthersLeftOut)",
                    [.integer(candidate.number)])
                if let row { return try JobEntry(row) }
            }
        }
        return nil
    }

    /// The first jobs whose shards may be claimed, in order.
    private static func candidates(_ request: ClaimRequest, in db: any SQLTransaction) throws -> [Candidate] {
        let full = try fullClients(request.perClient, in: db)
        var found: [Candidate] = []
        for kind in request.kinds {
            for requirement in request.requirements {
                let pair: [SQLValue] = [.text(kind), .text(requirement)]
                if let job = request.job {
                    found += try db.all(named, pair + [.text(job.text)])
                        .filter { try !full.contains($0.text("client")) }.map(Candidate.init)
                    continue
                }
                if full.isEmpty {
                    found += try db.all(firstOfAll, pair).map(Candidate.init)
                    continue
                }
                for client in try clients(pair, in: db) where !full.contains(client) {
                    found += try db.all(firstOfClient, pair + [.text(client)]).map(Candidate.init)
                }
            }
        }
        return found.sorted { $0.precedes($1) }
    }

    /// The clients whose jobs can be claimed: a seek each, however many jobs they have.
    ///
    /// With `MIN(client)` PostgreSQL reads all of them where it has not counted the jobs lately.
    private static func clients(_ pair: [SQLValue], in db: any SQLTransaction) throws -> [String] {
        try db.all(
            """
            WITH RECURSIVE waiting (client) AS (
                SELECT client FROM (
                    SELECT client FROM job WHERE claimable = 1 AND kind = $1 AND requirement = $2
                    ORDER BY client LIMIT 1) AS least
                UNION ALL
                SELECT (
                    SELECT client FROM job
                    WHERE claimable = 1 AND kind = $1 AND requirement = $2 AND client > waiting.client
                    ORDER BY client LIMIT 1)
                FROM waiting WHERE waiting.client IS NOT NULL
            )
            SELECT client FROM waiting WHERE client IS NOT NULL
            """, pair
        ).map { try $0.text("client") }
    }

    private static func fullClients(_ limit: Int?, in db: any SQLTransaction) throws -> Set<String> {
        guard let limit else { return [] }
        let full = try db.all(
            """
            SELECT job.client FROM shard JOIN job ON job.number = shard.job WHERE shard.state = 1
            GROUP BY job.client HAVING COUNT(*) >= $1
            """, [.count(limit)])
        return Set(try full.map { try $0.text("client") })
    }
}
