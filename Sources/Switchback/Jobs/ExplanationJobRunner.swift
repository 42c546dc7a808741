public import Concurrency
internal import Explainers
public import Jobs

/// Does the shards of explanations, behind everything that somebody waits for.
///
/// The groundwork of a job is made once and kept until a shard of another one comes.
public final class ExplanationJobRunner: ShardRunner {
    /// Every explanation.
    public let kinds = ExplanationKind.allCases.map(\.rawValue)
    private let engine: ExplanationEngine
    private let store: any JobStore
    private let models: JobModels
    private let datasets: DatasetCatalog
    private let current = Guarded<Current?>(nil)

    private struct Current: Sendable {
        let job: JobID
        let work: JobWork
        let prepared: PreparedWork
    }

    /// A runner on `engine` for the jobs of `store`.
    init(engine: ExplanationEngine, store: any JobStore, models: JobModels, datasets: DatasetCatalog) {
        self.engine = engine
        self.store = store
        self.models = models
        self.datasets = datasets
    }

    /// The digests of the models that jobs have asked for and that are here.
    public var requirements: [String] { models.digests }

    /// The result of a shard, in slices at background priority.
    ///
    /// - Throws: `ShardFailure` that discards the job where model, options or image do not allow it.
    public func run(_ shard: ClaimedShard, token: CancellationToken) throws -> [UInt8] {
        do {
            let current = try prepared(shard.job, token: token)
            let turns = current.work.turns(priority: .background, token: token)
            return try current.prepared.run(try ShardItems.shard(in: shard.items), turns)
        } catch {
            throw Self.failure(of: error)
        }
    }

    private func prepared(_ job: Job, token: CancellationToken) throws -> Current {
        if let known = current.withLock({ $0 }), known.job == job.id { return known }
        // Freed before the next is made: each may be large.
        current.withLock { $0 = nil }
        guard let bytes = try store.input(of: job.id) else {
            throw SwitchbackError.badImage(.malformed, reason: "the job has no image")
        }
        let work = try engine.work(on: try JobPayload(job.payload), input: bytes, datasets: datasets)
        let made = Current(
            job: job.id, work: work, prepared: try work.prepared(priority: .background, token: token))
        current.withLock { $0 = made }
        return made
    }

    /// What is to become of a shard that failed: what is wrong with the request itself stays so.
    private static func failure(of error: any Error) -> any Error {
        switch SwitchbackError.translating(error) {
        case let error as SwitchbackError where error.isLasting:
            ShardFailure(reason: error.description, retry: nil)
        case SwitchbackError.brokenModel(let reason), SwitchbackError.brokenStore(let reason): Inside(words: reason)
        case let error: error
        }
    }
}

/// An error that names files of the machine that it happened on.
private struct Inside: InsideError, CustomStringConvertible {
    let words: String

    var description: String { words }
    var publicReason: String { "what it needs cannot be used where it was tried; the log there has the reason" }
}

extension SwitchbackError {
    /// Whether the same request about the same image has this error however often it is tried.
    fileprivate var isLasting: Bool {
        switch self {
        case .unknownOption, .repeatedOption, .misplacedOption, .badValue, .outOfRange, .badImage, .noPreprocessing,
            .undefined, .tooCostly, .tooMuchMemory, .pictureTooLarge, .badDataset:
            true
        case .noModel, .brokenModel, .noImage, .noRoom, .brokenStore, .storeAway, .noDataset, .brokenDataset,
            .datasetInUse, .noJob, .jobState, .keyUsed, .tooManyJobs:
            false
        }
    }
}
