internal import CPostgres
internal import SQLJobs

extension SQLValue {
    /// PostgreSQL's number of the type: `int8`, `text` and `bytea` of its catalog `pg_type`.
    var type: Oid {
        switch self {
        case .integer: 20
        case .text: 25
        case .bytes: 17
        }
    }

    /// The value in PostgreSQL's binary form: integers in eight bytes, the highest first; nil for NULL.
    var encoded: [UInt8]? {
        switch self {
        case .integer(let value):
            value.map { value in (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) } }
        case .text(let text): text.map { Array($0.utf8) }
        case .bytes(let bytes): bytes
        }
    }
}

/// A row of a result, whose columns are `int8`, `text` or `bytea`.
struct PostgresRow: SQLRow {
    let names: [String]
    let values: [[UInt8]?]

    func optionalInteger(_ column: String) -> Int64? {
        guard let bytes = optionalBytes(column) else { return nil }
        precondition(bytes.count == 8, "'\(column)' is an integer of \(bytes.count) bytes")
        return bytes.reduce(0) { $0 << 8 | Int64($1) }
    }

    func optionalText(_ column: String) -> String? { optionalBytes(column).map { String(decoding: $0, as: UTF8.self) } }

    func optionalBytes(_ column: String) -> [UInt8]? {
        guard let place = names.firstIndex(of: column) else {
            preconditionFailure("a result of \(names) was asked for '\(column)'")
        }
        return values[place]
    }
}
