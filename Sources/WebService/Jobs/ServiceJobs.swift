public import Switchback

/// What the service needs to make jobs of requests.
public struct ServiceJobs: Sendable {
    let jobs: ExplanationJobs
    let added: @Sendable () -> Void
    let cancelled: @Sendable (String) -> Void

    /// Jobs of the service.
    ///
    /// - Parameters:
    ///   - added: called when there may be work for a worker.
    ///   - cancelled: called with the name of a job whose work may stop at once.
    public init(
        _ jobs: ExplanationJobs, added: @escaping @Sendable () -> Void = {},
        cancelled: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.jobs = jobs
        self.added = added
        self.cancelled = cancelled
    }
}
