public import Concurrency
public import Logging

/// Does shards while it holds as many of the machine's cores as it has threads: workers of one machine take turns.
///
/// The shard is leased meanwhile, and heartbeats keep the lease. Turns make work faster and are needed for nothing: who
/// waits too long goes ahead without, says so once, and waits no more until cores were free again.
public final class CoreSharingRunner: ShardRunner {
    private let runner: any ShardRunner
    private let cores: MachineCores
    private let threads: Int
    private let patience: Timeout
    private let logger: Logger
    /// Whether the last attempt to hold cores failed.
    private let isAlone = Guarded(false)

    /// A runner that has `runner` do the shards.
    ///
    /// - Parameters:
    ///   - threads: how many cores each shard keeps busy.
    ///   - patience: how long a shard waits for cores at most.
    public init(
        _ runner: any ShardRunner, cores: MachineCores, threads: Int, patience: Timeout = .seconds(10), logger: Logger
    ) {
        self.runner = runner
        self.cores = cores
        self.threads = threads
        self.patience = patience
        self.logger = logger
    }

    /// Those of the runner that does the shards.
    public var kinds: [String] { runner.kinds }
    /// Those of the runner that does the shards.
    public var requirements: [String] { runner.requirements }

    /// The shard's result, computed in this worker's turn.
    ///
    /// - Throws: `Stopped` when `token` says so, while it waits too; what the runner throws.
    public func run(_ shard: ClaimedShard, token: CancellationToken) throws -> [UInt8] {
        let held = try turn(token)
        defer { held?.giveBack() }
        return try runner.run(shard, token: token)
    }

    private func turn(_ token: CancellationToken) throws -> HeldCores? {
        let patience = isAlone.withLock { $0 } ? Timeout.seconds(0) : patience
        do {
            let held = try cores.take(threads, within: patience, token: token)
            isAlone.withLock { $0 = false }
            return held
        } catch let error as MachineCoresError {
            let isNews = isAlone.withLock { isAlone in
                defer { isAlone = true }
                return !isAlone
            }
            if isNews {
                logger.warning("working beside others, not in turns with them", metadata: ["reason": "\(error)"])
            }
            return nil
        }
    }
}
