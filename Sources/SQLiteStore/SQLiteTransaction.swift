internal import Foundation
internal import GRDB
internal import SQLJobs

/// A transaction that has the file for itself, or sees one moment of it: nothing in it needs a lock.
struct SQLiteTransaction: SQLTransaction {
    let database: Database

    var locking: String { "" }

    var lockingOthersLeftOut: String { "" }

    func run(_ sql: String, _ values: [SQLValue]) throws -> Int {
        try statement(sql).execute(arguments: arguments(values))
        return database.changesCount
    }

    func all(_ sql: String, _ values: [SQLValue]) throws -> [any SQLRow] {
        try Row.fetchAll(statement(sql), arguments: arguments(values)).map(SQLiteRow.init)
    }

    func lock(_ name: String) {}

    /// Nothing: other processes of the machine look by themselves, every now and then.
    func notify() {}

    /// The statement, compiled once a connection.
    ///
    /// SQLite takes `$1` for a name and `?1` for a place.
    private func statement(_ sql: String) throws -> Statement {
        let (dollar, questionMark) = (UInt8(ascii: "$"), UInt8(ascii: "?"))
        return try database.cachedStatement(
            sql: String(decoding: sql.utf8.map { $0 == dollar ? questionMark : $0 }, as: UTF8.self))
    }

    private func arguments(_ values: [SQLValue]) -> StatementArguments {
        StatementArguments(
            values.map { value -> (any DatabaseValueConvertible)? in
                switch value {
                case .integer(let number): number
                case .text(let text): text
                case .bytes(let bytes): bytes.map { Data($0) }
                }
            })
    }
}

/// A row of a result.
private struct SQLiteRow: SQLRow {
    let row: Row

    func optionalInteger(_ column: String) -> Int64? { row[column] }

    func optionalText(_ column: String) -> String? { row[column] }

    func optionalBytes(_ column: String) -> [UInt8]? { (row[column] as Data?).map { [UInt8]($0) } }
}
