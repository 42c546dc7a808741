public import Jobs
internal import GRDB

extension SQLiteJobStore {
    /// The job with that name.
    public func job(_ id: JobID) throws(JobsError) -> Job? {
        try connection.read("read a job") { db in try JobEntry(id, in: db)?.job }
    }

    /// Jobs, newest first.
    public func jobs(_ filter: JobFilter, after cursor: JobCursor?, limit: Int) throws(JobsError) -> JobPage {
        try connection.read("list jobs") { db in
            let entries = try Listing(filter: filter, cursor: cursor, limit: limit).entries(in: db)
            let page = entries.prefix(limit)
            return JobPage(jobs: page.map(\.job), next: entries.count > limit ? page.last?.cursor : nil)
        }
    }

    /// What a job works on.
    public func input(of id: JobID) throws(JobsError) -> [UInt8]? {
        try connection.read("read a job's input") { db in
            try db.first(
                "SELECT input.bytes FROM job JOIN input ON input.digest = job.input WHERE job.id = ?", [id.text]
            )?.bytes("bytes")
        }
    }

    /// The shards of a job, in order.
    public func shards(of id: JobID) throws(JobsError) -> [JobShard] {
        try connection.read("read a job's shards") { db in
            guard let entry = try JobEntry(id, in: db) else { return [] }
            return try db.all("SELECT * FROM shard WHERE job = ? ORDER BY place", [entry.number])
                .map { try $0.shard(of: id) }
        }
    }

    /// The results of a job so far, in the order of its shards.
    public func results(of id: JobID) throws(JobsError) -> [ShardResult] {
        try connection.read("read a job's results") { db in
            guard let entry = try JobEntry(id, in: db) else { return [] }
            return try db.all(
                """
                SELECT result.place, shard.items, result.bytes FROM result
                JOIN shard ON shard.job = result.job AND shard.place = result.place
                WHERE result.job = ? ORDER BY result.place
                """, [entry.number]
            ).map { ShardResult(index: $0["place"], items: $0.bytes("items"), bytes: $0.bytes("bytes")) }
        }
    }

    /// What happened to a job behind an event.
    public func events(of id: JobID, after number: Int64, limit: Int) throws(JobsError) -> [JobEvent] {
        try connection.read("read a job's events") { db in
            guard let entry = try JobEntry(id, in: db) else { return [] }
            return try db.all(
                "SELECT * FROM event WHERE job = ? AND number > ? ORDER BY number LIMIT ?",
                [entry.number, number, limit]
            ).map { try $0.event(of: id) }
        }
    }

    /// How many jobs are in each state.
    public func counts() throws(JobsError) -> [JobState: Int] {
        try connection.read("count jobs") { db in
            var counts: [JobState: Int] = [:]
            for row in try db.all("SELECT state, COUNT(*) AS jobs FROM job GROUP BY state") {
                counts[try row.state("state")] = row["jobs"]
            }
            return counts
        }
    }
}
