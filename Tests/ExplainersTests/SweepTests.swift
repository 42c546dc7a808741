import Concurrency
import Explainers
import Kernels
import Networks
import Testing

/// An explainer that adds up the indices of its items.
private struct Counting: Explainer {
    struct Failure: Error {}

    let items: Int
    var failingAt: Int?

    var estimate: CostEstimate { CostEstimate(forwardPasses: items, multiplyAdds: items, bytes: 0) }
    func plan() -> [Shard] { Shard.plan(items: items, size: 2) }
    func prepare(_ context: KernelContext, passes: any PassSource) -> Int { 1000 }
    func run(_ shard: Shard, from groundwork: Int, _ context: KernelContext) throws -> Int {
        if let failingAt, shard.items.contains(failingAt) { throw Failure() }
        return shard.items.reduce(0, +)
    }
    func merge(_ partials: [Int], from groundwork: Int) -> Int { partials.reduce(groundwork, +) }
}

/// An explainer whose token is cancelled once it computes.
private struct Cancelling: Explainer {
    let token: CancellationToken
    let inner: PredictionExplainer

    var estimate: CostEstimate { inner.estimate }
    func plan() -> [Shard] { inner.plan() }
    func prepare(_ context: KernelContext, passes: any PassSource) -> ForwardTrace? { nil }
    func run(
        _ shard: Shard, from groundwork: ForwardTrace?, _ context: KernelContext
    ) throws -> PredictionExplanation {
        token.cancel()
        return try inner.run(shard, from: groundwork, context)
    }
    func merge(_ partials: [PredictionExplanation], from groundwork: ForwardTrace?) -> PredictionExplanation {
        partials[0]
    }
}

@Suite struct SweepTests {
    private let pool = ComputePool(threads: 2)

    @Test func mergesWhatTheShardsGive() throws {
        let sum = try Sweep.run(Counting(items: 7), pool: pool, context: KernelContext())
        #expect(sum == 1000 + 21)
    }

    @Test func reportsTheGroundworkAndEveryShard() throws {
        var seen: [SweepProgress] = []
        _ = try Sweep.run(Counting(items: 7), pool: pool, context: KernelContext()) { seen.append($0) }
        #expect(seen == (0...4).map { SweepProgress(done: $0, total: 4) })
    }

    @Test func holdsNoTurnWhileItReports() throws {
        let pool = pool
        var turns = 0
        _ = try Sweep.run(Counting(items: 3), pool: pool, context: KernelContext()) { _ in
            turns += (try? pool.turn(priority: .background, token: .never) { _ in 1 }) ?? 0
        }
        #expect(turns == 3)
    }

    @Test func stopsBetweenShards() {
        let token = CancellationToken()
        var seen: [Int] = []
        #expect(throws: Stopped.cancelled) {
            try Sweep.run(Counting(items: 100), pool: pool, token: token, context: KernelContext()) { progress in
                seen.append(progress.done)
                if progress.done == 3 { token.cancel() }
            }
        }
        #expect(seen == [0, 1, 2, 3])
    }

    @Test func doesNotStartAfterItsDeadline() {
        let time = ManualTime()
        let token = CancellationToken(deadline: time.now + .seconds(1), time: time)
        time.advance(by: .seconds(2))
        #expect(throws: Stopped.deadlineExceeded) {
            try Sweep.run(Counting(items: 1), pool: pool, token: token, context: KernelContext())
        }
    }

    @Test func aPassStoppedBetweenTwoLayersIsASweepStopped() throws {
        let reference = try ReferenceCase("residual")
        let token = CancellationToken()
        let explainer = Cancelling(
            token: token,
            inner: try PredictionExplainer(
                model: reference.model, input: reference.input, top: 1))
        #expect(throws: Stopped.cancelled) {
            try Sweep.run(explainer, pool: pool, token: token, context: KernelContext())
        }
    }

    @Test func passesOnWhatAShardThrows() {
        #expect(throws: Counting.Failure.self) {
            try Sweep.run(Counting(items: 9, failingAt: 4), pool: pool, context: KernelContext())
        }
    }
}
