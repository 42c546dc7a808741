public import Concurrency
public import Kernels

/// How far a sweep has come, in shards.
public struct SweepProgress: Hashable, Sendable {
    /// Shards done.
    public let done: Int
    /// Shards in all, at least 1.
    public let total: Int

    /// Progress of `done` shards of `total`.
    public init(done: Int, total: Int) {
        self.done = done
        self.total = total
    }
}

/// Runs an explainer from end to end.
public enum Sweep {
    /// The explanation, computed shard by shard.
    ///
    /// The groundwork takes some turns of the pool and every shard some of its own, so that a long sweep gives way to more
    /// urgent work between them. The token is asked before each turn, and within it before each layer. `progress` is
    /// called on the calling thread, while no turn is held: once when the groundwork is done, then after each shard.
    ///
    /// - Parameters:
    ///   - context: how to compute; its team is replaced by that of the turn.
    ///   - passes: where the pass over the unchanged input comes from.
    /// - Throws: `Stopped` when the token says so, and what the explainer throws.
    public static func run<E: Explainer>(
        _ explainer: E, pool: ComputePool, priority: Priority = .interactive, token: CancellationToken = .never,
        context: KernelContext, passes: any PassSource = FreshPasses(), progress: (SweepProgress) -> Void = { _ in }
    ) throws -> E.Explanation {
        let shards = explainer.plan()
        let turns = Turns(pool, priority: priority, token: token, context: context)
        let groundwork = try explainer.prepare(turns, passes: passes)
        progress(SweepProgress(done: 0, total: shards.count))
        var partials: [E.Partial] = []
        partials.reserveCapacity(shards.count)
        for shard in shards {
            try token.check()
            partials.append(try explainer.run(shard, from: groundwork, turns))
            progress(SweepProgress(done: partials.count, total: shards.count))
        }
        try token.check()
        return try explainer.merge(partials, from: groundwork, turns)
    }
}
