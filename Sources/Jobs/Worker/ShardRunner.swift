public import Concurrency

/// Does shards: the part of a worker that knows what they mean.
public protocol ShardRunner: Sendable {
    /// The kinds of jobs that it can do.
    var kinds: [String] { get }
    /// The requirements that it meets now.
    var requirements: [String] { get }

    /// The result of a shard.
    ///
    /// - Parameter token: stops the work within a slice.
    /// - Throws: `Stopped` when `token` says so; ``ShardFailure`` where the failure itself says whether another attempt is
    ///   of any use; anything else is tried again.
    func run(_ shard: ClaimedShard, token: CancellationToken) throws -> [UInt8]

    /// No shard follows for now: what is kept from one to the next is to be let go. Called on any thread.
    func rest()
}

extension ShardRunner {
    /// Nothing is kept.
    public func rest() {}
}
