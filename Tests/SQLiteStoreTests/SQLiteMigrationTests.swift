import Foundation
import GRDB
import Jobs
import SQLJobs
import Testing

@testable import SQLiteStore

/// What becomes of files of older versions.
struct SQLiteMigrationTests {
    @Test func tellsHowLongOlderJobsWereWorkedOnAtMost() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let ids = (0..<3).compactMap { JobID(String(repeating: "\($0)", count: 32)) }
        do {
            let pool = try DatabasePool(path: folder + "/" + SQLiteJobStore.fileName)
            try SQLiteSchema.migrator.migrate(pool, upTo: "1: jobs and shards")
            try pool.write { db in
                for (index, started) in [nil, 1_000, 2_000].enumerated() {
                    try db.execute(
                        sql: """
                            INSERT INTO job (number, id, kind, requirement, payload, identity, client, priority, state,
                                attempts, maximum_attempts, created, scheduled, started, done, total, claimable)
                            VALUES (?, ?, 'k', 'r', x'01', ?, '', 0, 'available', 0, 1, 5, 5, ?, 0, 2, 0)
                            """, arguments: [index, ids[index].text, ids[index].text, started])
                }
                for (kind, time) in [("started", 1_000), ("progress", 4_000), ("released", 90_000)] {
                    try db.execute(
                        sql: """
                            INSERT INTO event (job, time, kind, state, done, total) VALUES (1, ?, ?, 'running', 0, 2)
                            """, arguments: [time, kind])
                }
            }
            try pool.close()
        }
        let store = try SQLiteJobStore(directory: folder)
        #expect(try ids.map { try store.job($0)?.worked } == [0, 3_000, 0])
    }
}
