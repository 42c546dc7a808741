internal import CPostgres
internal import SQLJobs

/// One connection to the server, used by one thread at a time.
///
/// Statements are read by the server once a connection. Whatever cuts the connection is noticed within about 20 seconds,
/// on both sides, unless the address says otherwise: then the server lets go of what a transaction had locked.
@safe
final class PostgresConnection {
    private let handle: OpaquePointer
    private var prepared: [String: String] = [:]

    /// Words of a connection that an address may overrule (section "Parameter Key Words" of libpq's manual).
    private static let usual = [
        ("connect_timeout", "10"), ("tcp_user_timeout", "15000"), ("keepalives_idle", "5"),
        ("keepalives_interval", "5"), ("keepalives_count", "3"), ("client_encoding", "UTF8"),
    ]

    /// Connects to the server at `address`, a `postgresql://` address or words such as `host=… dbname=…`, and makes
    /// `schema` the place where names are looked up.
    init(address: String, schema: String) throws {
        let words = Self.usual + [("application_name", "switchback \(schema)"), ("dbname", address)]
        // SAFETY: libpq copies the strings; the handle it returns is this object's alone, and closed in deinit once.
        let opened = unsafe Self.withStrings(words.map(\.0)) { names in
            unsafe Self.withStrings(words.map(\.1)) { values in unsafe sb_postgres_open(names, values) }
        }
        guard let opened = unsafe opened else {
            throw PostgresFailure(state: nil, reason: "out of memory", isConnectionLost: true)
        }
        unsafe handle = opened
        guard unsafe sb_postgres_is_up(handle) else {
            // deinit closes it: all members are set by now.
            throw PostgresFailure.unreachable(failureText)
        }
        try execute(
            """
            SET search_path TO \(Self.quoted(schema)); SET lock_timeout = '10s'; SET statement_timeout = '60s';
            SET idle_in_transaction_session_timeout = '20s'; SET tcp_keepalives_idle = 5;
            SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; SET client_min_messages = warning
            """)
    }

    deinit {
        // SAFETY: the handle was opened in init and is this object's alone; nobody holds a reference any more.
        unsafe sb_postgres_close(handle)
    }

    /// A name as SQL writes it.
    static func quoted(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// Whether anything can be asked of it.
    var isUp: Bool {
        // SAFETY: the handle was opened in init and lives as long as self.
        unsafe sb_postgres_is_up(handle)
    }

    /// Whether anything can be asked of it, and no transaction is open.
    var isIdle: Bool {
        // SAFETY: as in isUp.
        unsafe sb_postgres_is_idle(handle)
    }

    /// Runs statements that take and give nothing.
    func execute(_ sql: String) throws {
        // SAFETY: as in isUp; libpq copies the text.
        _ = try unsafe finish(sb_postgres_execute(handle, sql))
    }

    /// Runs a statement with values for its `$1`, `$2` …; the number of rows that it changed or gave.
    @discardableResult
    func run(_ sql: String, _ values: [SQLValue] = []) throws -> Int {
        try perform(sql, values).changes
    }

    /// What a statement gives.
    func all(_ sql: String, _ values: [SQLValue]) throws -> [any SQLRow] {
        try perform(sql, values).rows
    }

    /// How many notifications came, after waiting up to so long for the first.
    ///
    /// Throws where the connection is lost.
    func notifications(waitingMilliseconds: Int32) throws -> Int {
        // SAFETY: as in isUp.
        guard unsafe sb_postgres_wait(handle, waitingMilliseconds) else {
            throw PostgresFailure(state: nil, reason: failureText, isConnectionLost: true)
        }
        var count = 0
        while unsafe sb_postgres_notified(handle) { count += 1 }
        return count
    }
}

extension PostgresConnection {
    private struct Outcome {
        var changes: Int
        var rows: [PostgresRow]
    }

    private func perform(_ sql: String, _ values: [SQLValue]) throws -> Outcome {
        let name = try prepare(sql, values)
        let encoded = values.map(\.encoded)
        let lengths = encoded.map { Int32($0?.count ?? 0) }
        let formats = [Int32](repeating: 1, count: values.count)
        // One byte more, so that an empty value has an address too: none means NULL.
        let bytes = encoded.compactMap { $0 }.joined() + [0]
        // SAFETY: each pointer leads to a value's bytes within `bytes`, which outlives the call as the lists do.
        let result = unsafe bytes.withUnsafeBytes { bytes in
            var start = 0
            let pointers = unsafe encoded.map { value -> UnsafePointer<CChar>? in
                guard let value else { return nil }
                defer { start += value.count }
                return unsafe bytes.baseAddress?.advanced(by: start).assumingMemoryBound(to: CChar.self)
            }
            return unsafe sb_postgres_run(handle, name, Int32(values.count), pointers, lengths, formats)
        }
        return try unsafe finish(result)
    }

    /// The name under which the server knows a statement.
    private func prepare(_ sql: String, _ values: [SQLValue]) throws -> String {
        if let name = prepared[sql] { return name }
        let name = "s\(prepared.count)"
        // SAFETY: as in isUp; libpq copies texts and types.
        _ = try unsafe finish(sb_postgres_prepare(handle, name, sql, Int32(values.count), values.map(\.type)))
        prepared[sql] = name
        return name
    }

    /// What a result holds, or the failure that it is.
    private func finish(_ result: OpaquePointer?) throws -> Outcome {
        // SAFETY: the result is ours until it is cleared, and all that is read of it is copied before.
        guard let result = unsafe result else {
            throw PostgresFailure(state: nil, reason: failureText, isConnectionLost: true)
        }
        defer { unsafe sb_postgres_clear(result) }
        guard unsafe sb_postgres_is_good(result) else {
            let state = unsafe sb_postgres_state(result).map { unsafe String(cString: $0) }
            let reason = unsafe sb_postgres_message(result).map { unsafe String(cString: $0) }
            // What has no state is no answer of the server: a write that failed does not take the connection down at once.
            throw PostgresFailure(
                state: state, reason: reason ?? failureText, isConnectionLost: state == nil || !isUp)
        }
        let columns = unsafe sb_postgres_columns(result)
        let names = (0..<columns).map { column in
            unsafe sb_postgres_name(result, column).map { unsafe String(cString: $0) } ?? ""
        }
        let count = unsafe sb_postgres_rows(result)
        let rows = (0..<count).map { row in
            PostgresRow(names: names, values: (0..<columns).map { unsafe Self.value(of: result, row, $0) })
        }
        return Outcome(changes: Int(unsafe String(cString: sb_postgres_changes(result))) ?? 0, rows: rows)
    }

    private static func value(of result: OpaquePointer, _ row: Int32, _ column: Int32) -> [UInt8]? {
        // SAFETY: the row and column are the result's, which the caller keeps; the bytes are copied.
        var length: Int32 = 0
        guard let start = unsafe sb_postgres_value(result, row, column, &length) else { return nil }
        return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: Int(length)))
    }

    /// The reason of the last failure, without the line break that libpq puts behind it.
    private var failureText: String {
        // SAFETY: as in isUp; the text is copied.
        var text = unsafe String(cString: sb_postgres_error(handle))
        while text.last?.isNewline ?? false { text.removeLast() }
        return text
    }

    /// Calls `body` with a list of C strings that ends with null.
    private static func withStrings<Result>(
        _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
    ) -> Result {
        // SAFETY: the pointers lead into `flat`, which has each string with its end; the list ends with null and lives,
        // as the bytes do, until the body returns.
        let bytes = strings.map { Array($0.utf8CString) }
        let flat = bytes.flatMap { $0 }
        return unsafe flat.withUnsafeBufferPointer { flat in
            var start = 0
            var pointers = unsafe bytes.map { string -> UnsafePointer<CChar>? in
                defer { start += string.count }
                return unsafe flat.baseAddress?.advanced(by: start)
            }
            unsafe pointers.append(nil)
            return unsafe pointers.withUnsafeBufferPointer { list in
                guard let base = list.baseAddress else { preconditionFailure("a list with its end is not empty") }
                return unsafe body(base)
            }
        }
    }
}
