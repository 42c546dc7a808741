import Concurrency
import Dispatch
import Foundation
import Jobs
import Testing

@Suite struct CoreSharingRunnerTests {
    private let cores = MachineCores(count: 2, group: "switchback-test-\(UUID())")
    private let atOnce = Timeout.seconds(0)
    private let soon = Timeout.seconds(60)

    @Test func coresAreHeldFromTheFirstShardUntilItRests() throws {
        let isFree = { @Sendable [cores, atOnce] in (try? cores.take(upTo: 1, within: atOnce)) != nil }
        let inner = Inner { #expect(!isFree()) }
        let runner = sharing(inner, threads: 2)
        for _ in 0..<3 {
            #expect(try runner.run(.some, token: .never) == [7])
            #expect(!isFree())
        }
        runner.rest()
        #expect(try cores.take(upTo: 2, within: soon).count == 2)
    }

    @Test func aTurnEndsBeforeTheFirstShardThatBeginsTwoSecondsLater() throws {
        let (time, log) = (ManualTime(), RecordedLog())
        let one = MachineCores(count: 1, group: "switchback-test-\(UUID())")
        let runner = CoreSharingRunner(
            Inner {}, cores: one, threads: 1, patience: atOnce, logger: log.logger, time: time)
        #expect(try runner.run(.some, token: .never) == [7])
        let token = CancellationToken()
        let taken = Guarded<HeldCores?>(nil)
        let waited = DispatchSemaphore(value: 0)
        DispatchQueue(label: "another process").async { @Sendable in
            let held = try? one.take(upTo: 1, within: .seconds(600), token: token)
            taken.withLock { $0 = held }
            waited.signal()
        }
        while token.handlerCount == 0 { sched_yield() }
        time.advance(by: .milliseconds(1_999))
        #expect(try runner.run(.some, token: .never) == [7])
        #expect(log.lines.isEmpty)
        time.advance(by: .milliseconds(1))
        // Who waits is before this runner in the queue, so that it finds nothing free and goes ahead without.
        #expect(try runner.run(.some, token: .never) == [7])
        #expect(log.lines.count == 1)
        waited.wait()
        #expect(taken.withLock { $0?.count } == 1)
    }

    @Test func aShardThatFailsEndsNoTurn() throws {
        let inner = Inner { throw Trouble() }
        let runner = sharing(inner, threads: 2)
        #expect(throws: Trouble.self) { try runner.run(.some, token: .never) }
        runner.rest()
        #expect(try cores.take(upTo: 2, within: soon).count == 2)
    }

    @Test func whatTheRunnerKeptIsLetGoWithIt() throws {
        let rests = Guarded(0)
        sharing(Inner(rested: { rests.withLock { $0 += 1 } }) {}, threads: 1).rest()
        #expect(rests.withLock { $0 } == 1)
    }

    @Test func whoHasWaitedLongEnoughGoesAheadAndSaysSoOnce() throws {
        let log = RecordedLog()
        let runner = sharing(Inner {}, threads: 1, patience: atOnce, log)
        let others = try cores.take(upTo: 2, within: atOnce)
        #expect(try runner.run(.some, token: .never) == [7])
        #expect(try runner.run(.some, token: .never) == [7])
        let warning = "warning working beside others, not in turns with them"
        #expect(log.lines == [warning])
        others.giveBack()
        #expect(try runner.run(.some, token: .never) == [7])
        #expect(log.lines == [warning])
        runner.rest()
        let again = try cores.take(upTo: 2, within: atOnce)
        #expect(try runner.run(.some, token: .never) == [7])
        #expect(log.lines == [warning, warning])
        #expect(again.count == 2)
    }

    @Test func whoHasWaitedInVainDoesNotWaitForTenMinutes() throws {
        let time = ManualTime()
        let others = try cores.take(upTo: 2, within: atOnce)
        let log = RecordedLog()
        let runner = CoreSharingRunner(
            Inner {}, cores: cores, threads: 1, patience: .milliseconds(1), logger: log.logger, time: time)
        for _ in 0..<3 { #expect(try runner.run(.some, token: .never) == [7]) }
        #expect(log.lines.count == 1)
        time.advance(by: .seconds(600))
        #expect(try runner.run(.some, token: .never) == [7])
        #expect(log.lines.count == 2)
        #expect(others.count == 2)
    }

    @Test func whoMayHoldNoneGoesAhead() throws {
        let refused = MachineCores(count: 1, group: String(repeating: "n", count: 200))
        let runner = CoreSharingRunner(
            Inner {}, cores: refused, threads: 1, patience: .seconds(3600), logger: RecordedLog().logger)
        #expect(try runner.run(.some, token: .never) == [7])
    }

    @Test func aShardThatIsNotWantedAnyMoreIsNotBegun() throws {
        let token = CancellationToken()
        let others = try cores.take(upTo: 2, within: atOnce)
        token.cancel()
        let inner = Inner { Issue.record("it was begun") }
        let runner = sharing(inner, threads: 1, patience: .seconds(3600))
        #expect(throws: Stopped.cancelled) { try runner.run(.some, token: token) }
        #expect(others.count == 2)
    }

    @Test func itDoesWhatTheOtherCanDo() {
        let runner = sharing(Inner {}, threads: 1)
        #expect(runner.kinds == ["sweep"])
        #expect(runner.requirements == ["model"])
    }

    private func sharing(
        _ inner: Inner, threads: Int, patience: Timeout = .seconds(600), _ log: RecordedLog = RecordedLog()
    ) -> CoreSharingRunner {
        CoreSharingRunner(inner, cores: cores, threads: threads, patience: patience, logger: log.logger)
    }

    private struct Trouble: Error {}

    /// Does each shard with one body, and gives 7.
    private struct Inner: ShardRunner {
        let kinds = ["sweep"]
        let requirements = ["model"]
        var rested: @Sendable () -> Void = {}
        let body: @Sendable () throws -> Void

        func rest() { rested() }

        func run(_ shard: ClaimedShard, token: CancellationToken) throws -> [UInt8] {
            try body()
            return [7]
        }
    }
}

extension ClaimedShard {
    /// A shard that nobody looks into.
    fileprivate static var some: ClaimedShard {
        var generator = SystemRandomNumberGenerator()
        let store = MemoryJobStore()
        let now = WallTime(milliseconds: 1_800_000_000_000)
        let id = JobID(using: &generator)
        let new = NewJob(
            id: id, kind: "sweep", requirement: "model", payload: [], identity: id.text, shards: [[1]])
        let lease = Lease(token: LeaseToken(using: &generator), worker: "worker", until: now)
        guard
            (try? store.enqueue(new, clientLimit: nil, now: now)) != nil,
            let shard = store.claim(
                ClaimRequest(kinds: ["sweep"], requirements: ["model"], lease: lease), now: now)
        else { preconditionFailure("the store in memory refuses") }
        return shard
    }
}
