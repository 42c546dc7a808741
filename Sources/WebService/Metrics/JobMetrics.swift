public import Concurrency
internal import CoreMetrics
public import Jobs

/// What there is to count of jobs: in the store as it was last asked, and of this process's worker.
public final class JobMetrics: Sendable {
    /// How the store stands.
    private struct Standing {
        var counts: [JobState: Int] = [:]
        var waited: Double = 0
    }

    private static let results = ["committed", "failed", "lost", "gave_back"]

    private let standing: Guarded<Standing>
    private let shards: [String: Counter]
    private let claim: Timer

    /// Instruments from `registry`.
    public init(_ registry: PrometheusRegistry) {
        let standing = Guarded(Standing())
        self.standing = standing
        shards = Dictionary(
            uniqueKeysWithValues: Self.results.map { result in
                let labels = [("result", result)]
                return (result, Counter(label: "switchback_job_shards_total", dimensions: labels, factory: registry))
            })
        claim = Timer(label: "switchback_job_claim_seconds", factory: registry)
        registry.describe(
            "switchback_job_shards_total", .counter,
            "Shards that this process's worker had: committed, failed (and tried again), lost to others, given back.")
        registry.describe(
            "switchback_job_claim_seconds", .histogram, "How long the store took to give the worker a shard, or none.")
        registry.sample("switchback_jobs", .gauge, "Jobs in the store, by state.") {
            let counts = standing.withLock(\.counts)
            return JobState.allCases.map { state in
                MetricSample(Double(counts[state] ?? 0), labels: [(name: "state", value: state.rawValue)])
            }
        }
        registry.sample(
            "switchback_job_oldest_wait_seconds", .gauge, "For how long the oldest available job has been there."
        ) { [MetricSample(standing.withLock(\.waited))] }
    }

    /// Counts what became of a shard.
    public func observe(_ outcome: Worker.Outcome) {
        switch outcome {
        case .committed: shards["committed"]?.increment()
        case .failed: shards["failed"]?.increment()
        case .lost: shards["lost"]?.increment()
        case .gaveBack: shards["gave_back"]?.increment()
        case .idle, .storeFailed: break
        }
    }

    /// Notes how long a claim took.
    public func claimed(in timeout: Timeout) { claim.recordNanoseconds(timeout.nanoseconds) }

    /// Asks the store how it stands: a duty, so that whoever asks for the metrics never waits for the store.
    public func look(at store: any JobStore, now: WallTime) throws(JobsError) {
        let (counts, oldest) = (try store.counts(), try store.oldestAvailable())
        let waited = oldest.map { Double(max(0, now.milliseconds - $0.milliseconds)) / 1000 } ?? 0
        standing.withLock { $0 = Standing(counts: counts, waited: waited) }
    }
}
