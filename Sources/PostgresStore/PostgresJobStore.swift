public import Jobs
public import SQLJobs

/// Jobs in a PostgreSQL database, which any number of machines share: `FOR UPDATE SKIP LOCKED` lets workers claim side by
/// side, `NOTIFY` wakes those that wait.
///
/// A job that was taken in or cancelled, and each result of a shard, survives a crash of the server. Claims and heartbeats
/// of its last second may not; the shards are then leased anew. Lost connections are opened again; a call fails where
/// that is of no use within about half a minute.
public typealias PostgresJobStore = SQLJobStore<PostgresDatabase>

extension SQLJobStore<PostgresDatabase> {
    /// The store in the database at `address`, a `postgresql://` address or words such as `host=… dbname=…`.
    ///
    /// - Parameters:
    ///   - schema: the database's schema for the tables, which is made unless it is there.
    ///   - connections: the most connections at a time; calls wait for one another beyond that.
    /// - Throws: `JobsError.failed` where the database cannot be reached or used.
    public convenience init(
        address: String, schema: String = "switchback", connections: Int = 4
    ) throws(JobsError) {
        self.init(try PostgresDatabase(address: address, schema: schema, connections: connections))
    }

    /// Calls `heard` whenever a shard may have become claimable or a job was cancelled, on any machine, until the
    /// listener is released; on a thread of its own.
    public func listener(_ heard: @escaping @Sendable () -> Void) -> JobListener {
        JobListener(address: database.address, schema: database.schema, heard: heard)
    }

    /// The time of day by the clock of the server's machine.
    public func time() throws(JobsError) -> WallTime {
        try database.read("tell the time") { db in
            let row = try db.first(
                "SELECT CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS BIGINT) AS now", [])
            guard let row else { throw JobsError.failed(operation: "tell the time", reason: "the server says nothing") }
            return WallTime(milliseconds: try row.integer("now"))
        }
    }
}
