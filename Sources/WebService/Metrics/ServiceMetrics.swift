internal import Concurrency
internal import CoreMetrics
internal import HTTPServer
internal import Switchback

/// What the service counts.
final class ServiceMetrics: Sendable {
    private let requests: RequestCounts
    private let queueWait: Timer
    private let compute: [ExplanationKind: Timer]
    private let notModified: [ExplanationKind: Counter]
    private let hits: Counter
    private let misses: Counter
    private let storeSize = Guarded<(@Sendable () -> Int)?>(nil)

    /// Instruments from `registry`, which also asks `engine` how it is when the metrics are written.
    init(_ registry: PrometheusRegistry, engine: ExplanationEngine) {
        requests = RequestCounts(factory: registry)
        queueWait = Timer(label: "switchback_queue_wait_seconds", factory: registry)
        var compute: [ExplanationKind: Timer] = [:]
        var notModified: [ExplanationKind: Counter] = [:]
        for kind in ExplanationKind.allCases {
            let labels = [("explainer", kind.rawValue)]
            compute[kind] = Timer(label: "switchback_compute_seconds", dimensions: labels, factory: registry)
            notModified[kind] = Counter(label: "switchback_not_modified_total", dimensions: labels, factory: registry)
        }
        (self.compute, self.notModified) = (compute, notModified)
        hits = Counter(label: "switchback_cache_hits_total", factory: registry)
        misses = Counter(label: "switchback_cache_misses_total", factory: registry)
        Self.describe(in: registry)
        ProcessMetrics().register(in: registry)
        registry.sample("switchback_compute_waiting", .gauge, "Turns that wait for the compute pool.") {
            [MetricSample(Double(engine.waiting))]
        }
        let labels = [(name: "version", value: Version.current), (name: "kernels", value: engine.instructionSet)]
        registry.sample("switchback_build_info", .gauge, "Always 1; the labels say what runs.") {
            [MetricSample(1, labels: labels)]
        }
        registry.sample("switchback_store_bytes", .gauge, "Bytes in the store of images.") { [storeSize] in
            storeSize.withLock { $0 }.map { [MetricSample(Double($0()))] } ?? []
        }
    }

    /// Counts a request that is over.
    func finished(_ summary: RequestSummary, route: String) { requests.count(summary, route: route) }

    /// Notes how long a request waited for a handler.
    func waited(_ timeout: Timeout) { queueWait.recordNanoseconds(timeout.nanoseconds) }

    /// Notes a computation of an explanation.
    func computed(_ kind: ExplanationKind, seconds: Double) { compute[kind]?.recordNanoseconds(Int64(seconds * 1e9)) }

    /// Counts an answer that the client has already, told without computing.
    func notModified(_ kind: ExplanationKind) { notModified[kind]?.increment() }

    /// Counts a question to a cache of answers.
    func cache(hit: Bool) { (hit ? hits : misses).increment() }

    /// Says how to find out what the store of images holds, in bytes.
    func storeBytes(_ read: @escaping @Sendable () -> Int) { storeSize.withLock { $0 = read } }

    private static func describe(in registry: PrometheusRegistry) {
        registry.describe(
            "switchback_http_requests_total", .counter, "Requests that are over, refusals of the server included.")
        registry.describe(
            "switchback_http_request_seconds", .histogram, "From the first byte of a request to the last of its answer."
        )
        registry.describe("switchback_http_request_bytes_total", .counter, "Bytes of requests' bodies.")
        registry.describe("switchback_http_response_bytes_total", .counter, "Bytes of answers, heads included.")
        registry.describe("switchback_queue_wait_seconds", .histogram, "How long requests waited for a handler.")
        registry.describe("switchback_compute_seconds", .histogram, "How long explanations computed, waits included.")
        registry.describe(
            "switchback_not_modified_total", .counter, "Answers that the client had already: 304 without computing.")
        registry.describe("switchback_cache_hits_total", .counter, "Answers taken from the cache.")
        registry.describe("switchback_cache_misses_total", .counter, "Answers the cache did not have.")
    }
}
