public import Concurrency
public import Logging

/// Does shards while it holds cores of the machine, as many as it has threads or as are free: workers take turns.
///
/// A turn is as many shards as begin within two seconds, since the first of them finds another's data in the core's caches.
/// Who waits for a turn has its shard leased meanwhile, and heartbeats keep the lease. Turns make work faster and are needed for nothing: who
/// has waited too long goes ahead without, says so once, and for ten minutes holds cores only where some are free at once.
public final class CoreSharingRunner: ShardRunner {
    private let runner: any ShardRunner
    private let cores: MachineCores
    private let threads: Int
    private let patience: Timeout
    private let logger: Logger
    private let time: any TimeSource
    /// Until when nothing is waited for; nil while turns are taken.
    private let aloneUntil = Guarded<Instant?>(nil)
    /// The turn that the next shard may go on with.
    private let kept = Guarded<Turn?>(nil)

    private struct Turn {
        let cores: HeldCores
        let end: Instant
    }

    /// For how long shards begin in one turn.
    static let turn = Timeout.seconds(2)
    /// How long nothing is waited for after waiting was of no use.
    static let alone = Timeout.seconds(600)

    /// A runner that has `runner` do the shards.
    ///
    /// - Parameters:
    ///   - threads: how many cores each shard keeps busy.
    ///   - patience: how long a shard waits for cores at most.
    public init(
        _ runner: any ShardRunner, cores: MachineCores, threads: Int, patience: Timeout = .seconds(60), logger: Logger,
        time: any TimeSource = MonotonicTime()
    ) {
        self.runner = runner
        self.cores = cores
        self.threads = threads
        self.patience = patience
        self.logger = logger
        self.time = time
    }

    /// Those of the runner that does the shards.
    public var kinds: [String] { runner.kinds }
    /// Those of the runner that does the shards.
    public var requirements: [String] { runner.requirements }

    /// The shard's result, computed in this worker's turn.
    ///
    /// - Throws: `Stopped` when `token` says so, while it waits too; what the runner throws.
    public func run(_ shard: ClaimedShard, token: CancellationToken) throws -> [UInt8] {
        let turn = try takeTurn(token)
        defer { keep(turn) }
        return try runner.run(shard, token: token)
    }

    /// Lets others have the cores, and has the runner rest.
    public func rest() {
        take()?.cores.giveBack()
        runner.rest()
    }

    private func take() -> Turn? {
        kept.withLock { kept in
            defer { kept = nil }
            return kept
        }
    }

    private func keep(_ turn: Turn?) {
        let before = kept.withLock { kept in
            defer { kept = turn }
            return kept
        }
        before?.cores.giveBack()
    }

    private func takeTurn(_ token: CancellationToken) throws -> Turn? {
        let start = time.now
        if let turn = take() {
            if start < turn.end { return turn }
            turn.cores.giveBack()
        }
        let isAlone = aloneUntil.withLock { $0.map { start < $0 } ?? false }
        do {
            let held = try cores.take(upTo: threads, within: isAlone ? .seconds(0) : patience, token: token)
            aloneUntil.withLock { $0 = nil }
            return Turn(cores: held, end: time.now + Self.turn)
        } catch let error as MachineCoresError {
            if isAlone { return nil }
            aloneUntil.withLock { $0 = time.now + Self.alone }
            logger.warning("working beside others, not in turns with them", metadata: ["reason": "\(error)"])
            return nil
        }
    }
}
