internal import Foundation
internal import GRDB
internal import Jobs

/// The file, and how transactions on it are begun, made durable and told of when they fail.
struct SQLiteConnection: Sendable {
    /// How much of the last moments a loss of power may take.
    enum Durability: String {
        /// Nothing: the transaction is on the medium when it returns.
        case full = "FULL"
        /// The transaction, wholly; never what was durable before. The end of a process, by whatever signal, takes nothing.
        case normal = "NORMAL"
    }

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

    /// What `body` reads, all of it of one moment.
    func read<Value: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (Database) throws -> Value
    ) throws(JobsError) -> Value {
        try Self.translating(operation) { try pool.read(body) }
    }

    /// What `body` returns for the changes that it made; none of them is made where it throws.
    func write<Value: Sendable>(
        _ operation: String, _ durability: Durability = .normal, _ body: @escaping @Sendable (Database) throws -> Value
    ) throws(JobsError) -> Value {
        try Self.translating(operation) {
            try pool.writeWithoutTransaction { db in
                // Between transactions: within one it cannot be changed.
                try db.execute(sql: "PRAGMA synchronous = \(durability.rawValue)")
                var value: Value?
                try db.inTransaction(.immediate) {
                    value = try body(db)
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
