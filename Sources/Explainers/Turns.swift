public import Concurrency
public import Kernels
internal import Networks

/// Where the work of a shard gets its turns at the threads: 50 ms of it at most in each, so that more urgent work can go
/// in between.
public struct Turns: Sendable {
    /// How to compute, outside of a turn: for buffers alone.
    public let context: KernelContext
    private let pool: ComputePool?
    private let priority: Priority

    /// Turns of a pool, each with all of its threads, until the token stops them.
    public init(_ pool: ComputePool, priority: Priority, token: CancellationToken, context: KernelContext) {
        (self.pool, self.priority, self.context) = (pool, priority, context.with(token: token))
    }

    /// No waiting: the calling thread has the context's threads already.
    public init(_ context: KernelContext) {
        (pool, priority, self.context) = (nil, .interactive, context)
    }

    /// The threads of each turn.
    var threads: Int { pool?.threads ?? context.team.threads }

    /// What `work` returns, in a turn of its own.
    ///
    /// Throws `Stopped` when the token says so, before the turn or between two layers, and what `work` throws.
    public func take<Result>(_ work: (KernelContext) throws -> Result) throws -> Result {
        do {
            guard let pool else { return try work(context) }
            return try pool.turn(priority: priority, token: context.token) { try work(context.with(team: $0)) }
        } catch NetworksError.stopped(let reason) {
            throw reason
        }
    }
}
