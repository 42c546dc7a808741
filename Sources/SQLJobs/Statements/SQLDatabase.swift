public import Jobs

/// A database that keeps jobs: how its transactions are begun, made durable and told of when they fail.
///
/// Both dialects that there are take `$1`, `$2` … for values.
public protocol SQLDatabase: Sendable {
    /// Whether a transaction that may change something keeps all others that may from beginning.
    var writesOneAtATime: Bool { get }

    /// What `body` reads, with nothing changed.
    func read<Value>(
        _ operation: String, _ body: (any SQLTransaction) throws -> Value
    ) throws(JobsError) -> Value

    /// What `body` returns for the changes that it made; none of them is made where it throws.
    ///
    /// `body` may run several times, where others were in the way of the first.
    func write<Value>(
        _ operation: String, _ durability: SQLDurability, _ body: (any SQLTransaction) throws -> Value
    ) throws(JobsError) -> Value
}

/// How much of the last moments a loss of power, or a crash of the database's server, may take: whole transactions.
///
/// The end of a process, by whatever signal, takes nothing.
public enum SQLDurability: Sendable {
    /// Nothing: somebody was promised that it is kept.
    case promised
    /// What can be computed again; nothing where the medium is not in the way of others.
    case results
    /// Who works on what.
    case claims
}

/// What can be asked of a database within one transaction.
public protocol SQLTransaction {
    /// What is put behind a `SELECT` so that nobody else changes its rows until the transaction ends; it waits for those
    /// who do so now.
    var locking: String { get }

    /// The same, with rows left out that somebody else has locked now.
    var lockingOthersLeftOut: String { get }

    /// Runs a statement with values for its `$1`, `$2` …; the number of rows that it changed.
    @discardableResult
    func run(_ sql: String, _ values: [SQLValue]) throws -> Int

    /// What a statement gives.
    func all(_ sql: String, _ values: [SQLValue]) throws -> [any SQLRow]

    /// Waits until nobody else is in a transaction that has asked for the same name.
    func lock(_ name: String) throws

    /// Tells those who wait for work, and those who are at it, on whatever machine, when the transaction is committed.
    func notify() throws
}

extension SQLTransaction {
    /// The first row of what a statement gives.
    public func first(_ sql: String, _ values: [SQLValue]) throws -> (any SQLRow)? { try all(sql, values).first }
}
