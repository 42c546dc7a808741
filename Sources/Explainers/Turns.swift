public import Concurrency
public import Kernels

/// Where the work of a shard gets its turns at the threads: 50 ms of it at most in each, so that more urgent work can go
/// in between.
public struct Turns: Sendable {
    /// How to compute, outside of a turn: for buffers alone.
    public let context: KernelContext
    private let pool: ComputePool?
    private let priority: Priority
    private let token: CancellationToken

    /// Turns of a pool, each with all of its threads, until the token stops them.
    public init(_ pool: ComputePool, priority: Priority, token: CancellationToken, context: KernelContext) {
        (self.pool, self.priority, self.token, self.context) = (pool, priority, token, context)
    }

    /// No waiting: the calling thread has the context's threads already.
    public init(_ context: KernelContext) {
        (pool, priority, token, self.context) = (nil, .interactive, .never, context)
    }

    /// What `work` returns, in a turn of its own.
    ///
    /// Throws `Stopped` when the token says so, and what `work` throws.
    public func take<Result>(_ work: (KernelContext) throws -> Result) throws -> Result {
        guard let pool else { return try work(context) }
        return try pool.turn(priority: priority, token: token) { team in try work(context.with(team: team)) }
    }
}
