internal import Foundation
internal import GRDB
public import Jobs
public import SQLJobs

/// A file of SQLite, with the tables of this version.
public struct SQLiteDatabase: SQLDatabase {
    private let pool: DatabasePool

    /// Opens the file, makes it unless it is there, and brings it to this version.
    init(path: String, maximumBytes: Int) throws(JobsError) {
        pool = try Self.translating("open '\(path)'") {
            var configuration = Configuration()
            configuration.label = "jobs"
            configuration.busyMode = .timeout(5)
            configuration.maximumReaderCount = 4
            configuration.prepareDatabase { db in
                if db.configuration.readonly { return }
                // Has no effect but on a file that is new.
                try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
                try db.execute(sql: "PRAGMA max_page_count = \(max(64, maximumBytes / 4096))")
            }
            let pool = try DatabasePool(path: path, configuration: configuration)
            try SQLiteSchema.migrator.migrate(pool)
            return pool
        }
    }

    /// True: the file is one writer's.
    public var writesOneAtATime: Bool { true }

    /// What `body` reads, all of it of one moment.
    public func read<Value>(
        _ operation: String, _ body: (any SQLTransaction) throws -> Value
    ) throws(JobsError) -> Value {
        try Self.translating(operation) { try pool.read { try body(SQLiteTransaction(database: $0)) } }
    }

    /// What `body` returns for the changes that it made.
    public func write<Value>(
        _ operation: String, _ durability: SQLDurability, _ body: (any SQLTransaction) throws -> Value
    ) throws(JobsError) -> Value {
        // Results would have to wait for the medium one after the other.
        let waits = durability == .promised
        return try Self.translating(operation) {
            try pool.writeWithoutTransaction { db in
                // Between transactions: within one it cannot be changed.
                try db.execute(sql: "PRAGMA synchronous = \(waits ? "FULL" : "NORMAL")")
                var value: Value?
                try db.inTransaction(.immediate) {
                    value = try body(SQLiteTransaction(database: db))
                    return .commit
                }
                guard let value else {
                    preconditionFailure("a transaction to \(operation) was committed without a value")
                }
                return value
            }
        }
    }

    /// Gives up to so many unused pages of 4096 bytes back to the file system.
    func vacuum(pages: Int) throws(JobsError) {
        try Self.translating("vacuum") {
            try pool.writeWithoutTransaction { db in
                // A statement that removes a page a step.
                _ = try Row.fetchAll(db, sql: "PRAGMA incremental_vacuum(\(pages))")
            }
        }
    }

    private static func translating<Value>(
        _ operation: String, _ body: () throws -> Value
    ) throws(JobsError) -> Value {
        do {
            return try body()
        } catch let error as JobsError {
            throw error
        } catch let error as DatabaseError {
            throw JobsError(error, operation: operation)
        } catch {
            throw .failed(operation: operation, reason: "\(error)")
        }
    }
}

extension JobsError {
    init(_ error: DatabaseError, operation: String) {
        switch error.resultCode {
        case .SQLITE_FULL: self = .noSpace
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
        default:
            // The index of the log could not be made larger: only a full medium does that.
            self =
                error.extendedResultCode == .SQLITE_IOERR_SHMSIZE
                ? .noSpace
                : .failed(
                    operation: operation, reason: error.message ?? "SQLite error \(error.extendedResultCode.rawValue)")
        }
    }
}
