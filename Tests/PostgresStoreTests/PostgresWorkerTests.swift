import Concurrency
import Jobs
import Logging
import SQLJobs
import Testing

@testable import PostgresStore

/// Workers whose database is of no use for a while.
@Suite(.enabled(if: TestDatabase.address != nil, TestDatabase.isThere)) struct PostgresWorkerTests {
    private let start = WallTime(milliseconds: 1_800_000_000_000)

    /// Without that a shard would wait for its lease to run out, and the wait count as an attempt.
    @Test func givesTheShardBackOnceTheStoreWorksAgain() throws {
        try TestDatabase.withSchema { address, schema in
            let store = try PostgresJobStore(address: address, schema: schema)
            var generator = SystemRandomNumberGenerator()
            let id = JobID(using: &generator)
            let new = NewJob(
                id: id, kind: "sweep", requirement: "model", payload: [], identity: id.text, shards: [[0]])
            _ = try store.enqueue(new, clientLimit: nil, now: start)
            let admin = try PostgresConnection(address: address, schema: schema)
            let attempts = Guarded<[Int]>([])
            let runner = Runner { shard in
                attempts.withLock { $0.append(shard.attempt) }
                if attempts.withLock({ $0.count }) == 1 { try admin.execute("ALTER TABLE job RENAME TO hidden") }
            }
            let worker = Worker(
                name: "worker", store: store, runner: runner, surroundings: Surroundings(now: { [start] in start }),
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
            guard case .storeFailed = worker.runOnce() else {
                Issue.record("the store did not fail")
                return
            }
            try admin.execute("ALTER TABLE hidden RENAME TO job")
            #expect(worker.runOnce() == .committed(id))
            #expect(attempts.withLock { $0 } == [1, 1])
            #expect(try store.job(id)?.state == .completed)
        }
    }

    private struct Runner: ShardRunner {
        let kinds = ["sweep"]
        let requirements = ["model"]
        let body: @Sendable (ClaimedShard) throws -> Void

        func run(_ shard: ClaimedShard, token: CancellationToken) throws -> [UInt8] {
            try body(shard)
            return [1]
        }
    }
}
