public import Jobs

extension SQLJobStore {
    /// The job with that name.
    public func job(_ id: JobID) throws(JobsError) -> Job? {
        try database.read("read a job") { db in try JobEntry(id, in: db)?.job }
    }

    /// Jobs, newest first.
    public func jobs(_ filter: JobFilter, after cursor: JobCursor?, limit: Int) throws(JobsError) -> JobPage {
        try database.read("list jobs") { db in
            let entries = try Listing(filter: filter, cursor: cursor, limit: limit).entries(in: db)
            let page = entries.prefix(limit)
            return JobPage(jobs: page.map(\.job), next: entries.count > limit ? page.last?.cursor : nil)
        }
    }

    /// What a job works on.
    public func input(of id: JobID) throws(JobsError) -> [UInt8]? {
        try database.read("read a job's input") { db in
            try db.first(
                "SELECT input.bytes FROM job JOIN input ON input.digest = job.input WHERE job.id = $1",
                [.text(id.text)]
            )?.bytes("bytes")
        }
    }

    /// The shards of a job, in order.
    public func shards(of id: JobID) throws(JobsError) -> [JobShard] {
        try database.read("read a job's shards") { db in
            guard let entry = try JobEntry(id, in: db) else { return [] }
            return try db.all("SELECT * FROM shard WHERE job = $1 ORDER BY place", [.integer(entry.number)])
                .map { try $0.shard(of: id) }
        }
    }

    /// The results of a job so far, in the order of its shards.
    public func results(of id: JobID) throws(JobsError) -> [ShardResult] {
        try database.read("read a job's results") { db in
            guard let entry = try JobEntry(id, in: db) else { return [] }
            return try db.all(
                """
                SELECT result.place, shard.items, result.bytes FROM result
                JOIN shard ON shard.job = result.job AND shard.place = result.place
                WHERE result.job = $1 ORDER BY result.place
                """, [.integer(entry.number)]
            ).map {
                ShardResult(index: try $0.count("place"), items: try $0.bytes("items"), bytes: try $0.bytes("bytes"))
            }
        }
    }

    /// What happened to a job behind an event.
    public func events(of id: JobID, after number: Int64, limit: Int) throws(JobsError) -> [JobEvent] {
        try database.read("read a job's events") { db in
            guard let entry = try JobEntry(id, in: db) else { return [] }
            return try db.all(
                "SELECT * FROM event WHERE job = $1 AND number > $2 ORDER BY number LIMIT $3",
                [.integer(entry.number), .integer(number), .count(limit)]
            ).map { try $0.event(of: id) }
        }
    }

    /// When the oldest job came that is available.
    public func oldestAvailable() throws(JobsError) -> WallTime? {
        try database.read("look for the oldest job") { db in
            try db.first("SELECT MIN(created) AS created FROM job WHERE state = 'available'", [])?
                .optionalTime("created")
        }
    }

    /// How many jobs are in each state.
    public func counts() throws(JobsError) -> [JobState: Int] {
        try database.read("count jobs") { db in
            var counts: [JobState: Int] = [:]
            for row in try db.all("SELECT state, COUNT(*) AS jobs FROM job GROUP BY state", []) {
                counts[try row.state("state")] = try row.count("jobs")
            }
            return counts
        }
    }
}
