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

    /// Instruments from `registry`, which also asks the engine and the stores how they are when the metrics are written.
    init(_ registry: PrometheusRegistry, engine: ExplanationEngine, images: ImageStore, answers: AnswerCache) {
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
        Self.describe(in: registry)
        CacheMetrics.register(in: registry, engine: engine, answers: answers)
        ProcessMetrics().register(in: registry)
        registry.sample("switchback_compute_waiting", .gauge, "Turns that wait for the compute pool.") {
            [MetricSample(Double(engine.waiting))]
        }
        let labels = [(name: "version", value: Version.current), (name: "kernels", value: engine.instructionSet)]
        registry.sample("switchback_build_info", .gauge, "Always 1; the labels say what runs.") {
            [MetricSample(1, labels: labels)]
        }
        registry.sample("switchback_store_bytes", .gauge, "Bytes in the store of images.") {
            [MetricSample(Double(images.byteCount))]
        }
        registry.sample("switchback_store_lookups_total", .counter, "Images asked for by their digest.") {
            let lookups = images.lookups
            return [("found", lookups.found), ("missing", lookups.missing)].map { result, count in
                MetricSample(Double(count), labels: [(name: "result", value: result)])
            }
        }
    }

    /// Counts a request that is over.
    func finished(_ summary: RequestSummary, route: String) { requests.count(summary, route: route) }

    /// Notes how long a request waited for a handler.
    func waited(_ timeout: Timeout) { queueWait.recordNanoseconds(timeout.nanoseconds) }

    /// Takes note of each stage of each answer, and tells `others`.
    func observing(
        _ others: @escaping @Sendable (ExplanationKind, Stage) -> Void
    ) -> @Sendable (ExplanationKind, Stage) -> Void {
        { [compute] kind, stage in
            if stage.name == "compute" { compute[kind]?.recordNanoseconds(Int64(stage.seconds * 1e9)) }
            others(kind, stage)
        }
    }

    /// Counts an answer that the client has already, told without computing.
    func notModified(_ kind: ExplanationKind) { notModified[kind]?.increment() }

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
    }
}
