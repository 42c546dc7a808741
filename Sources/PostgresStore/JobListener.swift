internal import Concurrency
internal import Foundation
internal import SQLJobs

/// Hears the notifications of a store's schema on a connection and a thread of its own, for as long as it lives.
///
/// What was said while the connection was lost is made up for: `heard` is called whenever it is there again.
public final class JobListener: Sendable {
    private static let channel = "switchback_jobs"
    /// How long the thread waits before it looks whether it is to end, in milliseconds.
    private static let patience: Int32 = 250

    private let isStopping = Guarded(false)

    init(address: String, schema: String, heard: @escaping @Sendable () -> Void) {
        let isStopping = isStopping
        let thread = Thread { @Sendable in
            while !isStopping.withLock({ $0 }) {
                try? Self.listen(address, schema, isStopping, heard)
            }
        }
        thread.name = "job listener"
        thread.start()
    }

    deinit { isStopping.withLock { $0 = true } }

    /// Tells the listeners of this schema, when the transaction is committed.
    static func notify(in db: PostgresConnection) throws {
        try db.run("SELECT pg_notify($1, current_schema())", [.text(channel)])
    }

    /// Listens until the connection is lost or nobody wants to hear more.
    private static func listen(
        _ address: String, _ schema: String, _ isStopping: Guarded<Bool>, _ heard: @Sendable () -> Void
    ) throws {
        let connection: PostgresConnection
        do {
            connection = try PostgresConnection(address: address, schema: schema)
            try connection.execute("LISTEN \(channel)")
        } catch {
            // The server is away: workers look by themselves meanwhile.
            Thread.sleep(forTimeInterval: 1)
            throw error
        }
        heard()
        while !isStopping.withLock({ $0 }) {
            if try connection.notifications(waitingMilliseconds: patience) > 0 { heard() }
        }
    }
}
