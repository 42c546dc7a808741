import Foundation
import JobStoreConformance
import Jobs
import SQLiteStore
import Testing

@testable import SQLJobs

@Suite struct SQLiteJobStoreTests {
    @Test(arguments: JobStoreFact.all)
    func conforms(_ fact: JobStoreFact) throws {
        try withTemporaryDirectory { try fact.check(try SQLiteJobStore(directory: $0)) }
    }

    @Test func findsItsJobsAgain() throws {
        try withTemporaryDirectory { path in
            let id = newID()
            do {
                let store = try SQLiteJobStore(directory: path)
                _ = try store.enqueue(newJob(id, shards: 2), clientLimit: nil, now: start)
                let shard = try #require(try store.claim(request(), now: start))
                try store.commit([1, 2], of: shard.lease.token, now: start)
            }
            let store = try SQLiteJobStore(directory: path)
            #expect(try store.job(id)?.progress == JobProgress(done: 1, total: 2))
            #expect(try store.results(of: id).map(\.bytes) == [[1, 2]])
        }
    }

    /// Another process opens the file while the first is at a shard, and the first never comes back.
    @Test func goesOnWithTheJobOfAProcessThatDied() throws {
        try withTemporaryDirectory { path in
            let first = try SQLiteJobStore(directory: path)
            let id = newID()
            _ = try first.enqueue(newJob(id, shards: 2), clientLimit: nil, now: start)
            let done = try #require(try first.claim(request(), now: start))
            try first.commit([1], of: done.lease.token, now: start)
            let lost = try #require(try first.claim(request(), now: start))

            let second = try SQLiteJobStore(directory: path)
            #expect(try second.claim(request(), now: start) == nil)
            let later = start.advanced(byMilliseconds: 1001)
            #expect(try LeaseRescue(second).runOnce(now: later) == 1)
            let again = try #require(try second.claim(request(), now: later))
            #expect(again.index == lost.index)
            #expect(throws: JobsError.leaseLost(lost.lease.token)) {
                try first.commit([9], of: lost.lease.token, now: later)
            }
            #expect(try second.commit([2], of: again.lease.token, now: later).state == .completed)
            #expect(try first.results(of: id).map(\.bytes) == [[1], [2]])
        }
    }

    @Test func aStoreThatIsFullChangesNothing() throws {
        try withTemporaryDirectory { path in
            let store = try SQLiteJobStore(directory: path, maximumBytes: 1 << 20)
            let id = newID()
            _ = try store.enqueue(newJob(id, shards: 3), clientLimit: nil, now: start)
            let large = JobInput(digest: "large", bytes: [UInt8](repeating: 1, count: 2 << 20))
            let refused = newID()
            #expect(throws: JobsError.noSpace) {
                try store.enqueue(newJob(refused, input: large), clientLimit: nil, now: start)
            }
            #expect(try store.job(refused) == nil)
            let shard = try #require(try store.claim(request(), now: start))
            #expect(throws: JobsError.noSpace) {
                try store.commit(large.bytes, of: shard.lease.token, now: start)
            }
            #expect(try store.job(id)?.progress.done == 0)
            #expect(try store.commit([1], of: shard.lease.token, now: start).progress.done == 1)
        }
    }

    @Test func givesTheRoomOfPrunedJobsBack() throws {
        try withTemporaryDirectory { path in
            let store = try SQLiteJobStore(directory: path, maximumBytes: 3 << 20)
            for round in 0..<4 {
                let id = newID()
                let input = JobInput(digest: "\(round)", bytes: [UInt8](repeating: 1, count: 2 << 20))
                _ = try store.enqueue(newJob(id, input: input), clientLimit: nil, now: start)
                try store.cancel(id, now: start)
                try store.prune(endedBefore: start.advanced(byMilliseconds: 1), limit: 10)
            }
            try store.vacuum(pages: 100_000)
            #expect(try store.counts() == [:])
        }
    }

    /// Claims stay fast however many jobs wait: each question is one seek, and nothing is sorted.
    @Test func claimsAskTheIndexesThatAreMadeForThem() throws {
        try withTemporaryDirectory { path in
            let store = try SQLiteJobStore(directory: path)
            let questions: [(String, [SQLValue], String)] = [
                (Claiming.firstOfAll, [.text("a"), .text("b")], "job_claimable "),
                (Claiming.firstOfClient, [.text("a"), .text("b"), .text("c")], "job_claimable_client "),
                (Claiming.withDueShards, [.integer(1)], "job_due "),
            ]
            for (question, values, index) in questions {
                let plan = try store.database.read("explain") { db in
                    try db.all("EXPLAIN QUERY PLAN " + question, values).map { try $0.text("detail") }
                }
                #expect(plan.count == 1 && plan[0].contains("USING INDEX \(index)"), "\(plan)")
            }
        }
    }

    @Test func saysWhatIsWrongWithItsDirectory() throws {
        try withTemporaryDirectory { path in
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try Data("no database, but long enough to be looked at as one".utf8)
                .write(to: URL(fileURLWithPath: path + "/" + SQLiteJobStore.fileName))
            #expect { try SQLiteJobStore(directory: path) } throws: { error in
                "\(error)".contains("cannot open")
            }
        }
    }

    private let start = WallTime(milliseconds: 1_800_000_000_000)

    private func newID() -> JobID {
        var generator = SystemRandomNumberGenerator()
        return JobID(using: &generator)
    }

    private func newJob(_ id: JobID, shards: Int = 1, input: JobInput? = nil) -> NewJob {
        NewJob(
            id: id, kind: "sweep", requirement: "model", payload: [1], identity: id.text, input: input,
            shards: (0..<shards).map { [UInt8($0)] })
    }

    private func request() -> ClaimRequest {
        var generator = SystemRandomNumberGenerator()
        let lease = Lease(
            token: LeaseToken(using: &generator), worker: "w", until: start.advanced(byMilliseconds: 1000))
        return ClaimRequest(kinds: ["sweep"], requirements: ["model"], lease: lease)
    }

    private func withTemporaryDirectory(_ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }
}
