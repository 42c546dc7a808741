import Concurrency
import Dispatch
import Jobs
import Logging
import Testing

@Suite struct WorkerTests {
    private let bench = Bench()

    @Test func doesShardsUntilNothingWaits() throws {
        let id = try bench.enqueue(shards: 2)
        let worker = bench.worker { shard, _ in shard.items + [9] }
        #expect(worker.runOnce() == .committed(id))
        #expect(worker.runOnce() == .committed(id))
        #expect(worker.runOnce() == .idle)
        #expect(bench.store.job(id)?.state == .completed)
        #expect(bench.store.results(of: id).map(\.bytes) == [[0, 9], [1, 9]])
    }

    @Test func restsWhereNothingFollowsAndInTheEnd() throws {
        _ = try bench.enqueue(shards: 2)
        let stop = CancellationToken()
        let worker = bench.worker { _, _ in [] }
        for rests in [0, 0, 1, 2] {
            _ = worker.runOnce()
            #expect(bench.rests.withLock { $0 } == rests)
        }
        worker.heartbeat()
        #expect(bench.rests.withLock { $0 } == 3)
        stop.cancel()
        worker.run(until: stop)
        #expect(bench.rests.withLock { $0 } == 4)
    }

    @Test func leavesOtherJobsAloneWhereItIsForOne() throws {
        let others = try bench.enqueue()
        let own = try bench.enqueue(shards: 2)
        let worker = bench.worker(WorkerSettings(job: own)) { _, _ in [] }
        #expect([worker.runOnce(), worker.runOnce(), worker.runOnce()] == [.committed(own), .committed(own), .idle])
        #expect(bench.store.job(others)?.state == .available)
    }

    @Test func triesAgainLaterWhatFailed() throws {
        let id = try bench.enqueue()
        let worker = bench.worker { shard, _ in
            if shard.attempt == 1 { throw Trouble() }
            return []
        }
        #expect(worker.runOnce() == .failed(id))
        #expect(bench.store.job(id)?.error == "Trouble()")
        #expect(bench.store.job(id)?.scheduled == bench.now.advanced(byMilliseconds: 750))
        #expect(worker.runOnce() == .idle)
        bench.advance(750)
        #expect(worker.runOnce() == .committed(id))
    }

    @Test func discardsBadInputAtOnce() throws {
        let id = try bench.enqueue()
        let worker = bench.worker { _, _ in throw ShardFailure(reason: "no image", retry: nil) }
        #expect(worker.runOnce() == .failed(id))
        #expect(bench.store.job(id)?.state == .discarded)
    }

    @Test func givesTheShardBackWhenItIsToStop() throws {
        let id = try bench.enqueue()
        let stop = CancellationToken()
        let worker = bench.worker { _, token in
            stop.cancel()
            try token.check()
            return []
        }
        #expect(worker.runOnce(stop: stop) == .gaveBack(id))
        #expect(bench.store.job(id)?.state == .available)
        #expect(bench.store.job(id)?.attempts == 0)
    }

    @Test func stopsWorkWhoseLeaseIsLost() throws {
        let id = try bench.enqueue()
        let held = Guarded<Worker?>(nil)
        let worker = bench.worker { [bench] shard, token in
            try bench.store.cancel(shard.job.id, now: bench.now)
            held.withLock { $0 }?.heartbeat()
            try token.check()
            return []
        }
        held.withLock { $0 = worker }
        #expect(worker.runOnce() == .lost(id))
        #expect(bench.store.job(id)?.state == .cancelled)
        held.withLock { $0 = nil }
    }

    @Test func stopsWorkOnAJobAtAWord() throws {
        let id = try bench.enqueue()
        let held = Guarded<Worker?>(nil)
        let worker = bench.worker { shard, token in
            let other = JobID("0123456789abcdef0123456789abcdef")
            if let other { held.withLock { $0 }?.stopWork(on: other) }
            try token.check()
            held.withLock { $0 }?.stopWork(on: shard.job.id)
            try token.check()
            return []
        }
        held.withLock { $0 = worker }
        #expect(worker.runOnce() == .lost(id))
        held.withLock { $0 = nil }
    }

    @Test func heartbeatsKeepTheLease() throws {
        _ = try bench.enqueue()
        let held = Guarded<Worker?>(nil)
        let worker = bench.worker { [bench] _, _ in
            for _ in 0..<5 {
                bench.advance(20_000)
                held.withLock { $0 }?.heartbeat()
                #expect(bench.store.rescue(limit: 1, now: bench.now) == 0)
            }
            bench.advance(30_001)
            #expect(bench.store.rescue(limit: 1, now: bench.now) == 1)
            return []
        }
        held.withLock { $0 = worker }
        guard case .lost = worker.runOnce() else {
            Issue.record("the result counted though the lease was lost")
            return
        }
        held.withLock { $0 = nil }
    }

    @Test func workGoesOnWhenWokenAndEndsWhenStopped() throws {
        let stop = CancellationToken()
        let done = DispatchSemaphore(value: 0)
        let worker = bench.worker { _, _ in
            done.signal()
            return []
        }
        let ended = DispatchSemaphore(value: 0)
        let thread = DispatchQueue(label: "worker")
        thread.async { @Sendable in
            worker.run(until: stop)
            ended.signal()
        }
        for _ in 0..<3 {
            _ = try bench.enqueue()
            worker.wakeUp.notify()
            done.wait()
        }
        stop.cancel()
        ended.wait()
    }

    @Test func whatIsOfTheInsideIsNotTold() throws {
        struct Broken: InsideError {
            let publicReason = "it cannot be used"
        }
        let id = try bench.enqueue()
        #expect(bench.worker { _, _ in throw Broken() }.runOnce() == .failed(id))
        #expect(bench.store.job(id)?.error == "it cannot be used")
    }

    private struct Trouble: Error {}
}

/// A store in memory, a clock moved by hand, and workers on both.
private final class Bench: Sendable {
    let store = MemoryJobStore()
    /// How often runners were told that nothing follows.
    let rests = Guarded(0)
    private let time = Guarded(WallTime(milliseconds: 1_800_000_000_000))

    var now: WallTime { time.withLock { $0 } }

    func advance(_ milliseconds: Int64) { time.withLock { $0 = $0.advanced(byMilliseconds: milliseconds) } }

    func enqueue(shards: Int = 1) throws -> JobID {
        var generator = SystemRandomNumberGenerator()
        let id = JobID(using: &generator)
        let new = NewJob(
            id: id, kind: "sweep", requirement: "model", payload: [], identity: id.text,
            shards: (0..<shards).map { [UInt8($0)] })
        return try store.enqueue(new, clientLimit: nil, now: now).job.id
    }

    func worker(
        _ settings: WorkerSettings = WorkerSettings(),
        _ body: @escaping @Sendable (ClaimedShard, CancellationToken) throws -> [UInt8]
    ) -> Worker {
        Worker(
            name: "worker", store: store, runner: Runner(rests: rests, body: body), settings: settings,
            surroundings: Surroundings(now: { [self] in now }, fraction: { 0.5 }),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    private struct Runner: ShardRunner {
        let kinds = ["sweep"]
        let requirements = ["model"]
        let rests: Guarded<Int>
        let body: @Sendable (ClaimedShard, CancellationToken) throws -> [UInt8]

        func run(_ shard: ClaimedShard, token: CancellationToken) throws -> [UInt8] { try body(shard, token) }
        func rest() { rests.withLock { $0 += 1 } }
    }
}
