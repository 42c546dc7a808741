public import Jobs
public import SQLJobs

/// A schema of a PostgreSQL database, with the tables of this version.
public struct PostgresDatabase: SQLDatabase {
    let address: String
    let schema: String
    let pool: PostgresPool

    init(address: String, schema: String, connections: Int) throws(JobsError) {
        (self.address, self.schema) = (address, schema)
        pool = PostgresPool(address: address, schema: schema, most: connections)
        try PostgresSchema.migrate(pool, schema: schema, throwing: JobsError.self)
    }

    /// False: rows are locked, and by whoever changes them alone.
    public var writesOneAtATime: Bool { false }

    /// What `body` reads; each of its statements sees what is committed by then.
    public func read<Value>(
        _ operation: String, _ body: (any SQLTransaction) throws -> Value
    ) throws(JobsError) -> Value {
        try pool.transaction(operation, isDurable: false, throwing: JobsError.self, body)
    }

    /// What `body` returns for the changes that it made.
    public func write<Value>(
        _ operation: String, _ durability: SQLDurability, _ body: (any SQLTransaction) throws -> Value
    ) throws(JobsError) -> Value {
        try pool.transaction(operation, isDurable: durability != .claims, throwing: JobsError.self, body)
    }
}

extension PostgresConnection: SQLTransaction {
    var locking: String { " FOR UPDATE" }

    var lockingOthersLeftOut: String { " FOR UPDATE SKIP LOCKED" }

    func lock(_ name: String) throws {
        try run("SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ' ' || $1, 0))", [.text(name)])
    }

    func notify() throws { try JobListener.notify(in: self) }
}
