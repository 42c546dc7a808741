public import Switchback

/// What the service needs to make jobs of requests.
public struct ServiceJobs: Sendable {
    let jobs: ExplanationJobs
    let added: @Sendable () -> Void
    let cancelled: @Sendable (String) -> Void
    let events: JobEventStreams

    /// Jobs of the service.
    ///
    /// - Parameters:
    ///   - added: called when there may be work for a worker.
    ///   - events: who follows jobs; nobody but the routes' clients unless told.
    ///   - cancelled: called with the name of a job whose work may stop at once.
    public init(
        _ jobs: ExplanationJobs, events: JobEventStreams? = nil, added: @escaping @Sendable () -> Void = {},
        cancelled: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.jobs = jobs
        self.events = events ?? JobEventStreams(jobs)
        self.added = added
        self.cancelled = cancelled
    }

    /// Adds what there is to tell of those who follow jobs to `registry`.
    func register(in registry: PrometheusRegistry) {
        registry.sample("switchback_event_streams", .gauge, "Clients that follow jobs now.") { [events] in
            [MetricSample(Double(events.count))]
        }
    }
}
