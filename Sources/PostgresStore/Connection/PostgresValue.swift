internal import CPostgres

/// A value that goes with a statement, nil for NULL.
enum PostgresValue: Equatable {
    case integer(Int64?)
    case text(String?)
    case bytes([UInt8]?)

    /// A whole number.
    static func count(_ value: Int) -> PostgresValue { .integer(Int64(value)) }

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
struct PostgresRow {
    let names: [String]
    let values: [[UInt8]?]

    /// The bytes of a column, nil for NULL; a column that the statement does not ask for is an error of ours.
    private func value(_ name: String) -> [UInt8]? {
        guard let column = names.firstIndex(of: name) else {
            preconditionFailure("a result of \(names) was asked for '\(name)'")
        }
        return values[column]
    }

    func optionalInteger(_ name: String) -> Int64? {
        guard let bytes = value(name) else { return nil }
        precondition(bytes.count == 8, "'\(name)' is an integer of \(bytes.count) bytes")
        return bytes.reduce(0) { $0 << 8 | Int64($1) }
    }

    func integer(_ name: String) throws -> Int64 { try present(optionalInteger(name), name) }

    func count(_ name: String) throws -> Int { Int(try integer(name)) }

    func optionalText(_ name: String) -> String? { value(name).map { String(decoding: $0, as: UTF8.self) } }

    func text(_ name: String) throws -> String { try present(optionalText(name), name) }

    func optionalBytes(_ name: String) -> [UInt8]? { value(name) }

    func bytes(_ name: String) throws -> [UInt8] { try present(value(name), name) }

    private func present<Value>(_ value: Value?, _ name: String) throws -> Value {
        guard let value else { throw PostgresFailure(state: nil, reason: "'\(name)' is NULL", isConnectionLost: false) }
        return value
    }
}
