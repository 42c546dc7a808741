internal import Blobs
internal import Concurrency
internal import Jobs
internal import Models

/// The models that jobs ask for, of those that are here: only these are loaded for them.
final class JobModels: Sendable {
    private let known = Guarded<Set<String>>([])

    /// The digests of all that these models are made of, sorted.
    var digests: [String] { known.withLock { $0.sorted() } }

    /// Notes that the model with that digest is here.
    func note(_ digest: String) { known.withLock { _ = $0.insert(digest) } }

    /// Loads the models that jobs which have not ended ask for; those that are not here, or not the same any more, are
    /// left to other workers.
    func learn(from store: any JobStore, engine: ExplanationEngine) throws(JobsError) {
        let open = JobFilter(states: [.available, .running, .retryable])
        var (cursor, names): (JobCursor?, Set<String>) = (nil, [])
        repeat {
            let page = try store.jobs(open, after: cursor, limit: 500)
            names.formUnion(page.jobs.compactMap { try? JobPayload($0.payload).model })
            cursor = page.next
        } while cursor != nil
        for name in names.sorted() {
            if let model = try? engine.library.model(named: name) { note(model.contentDigest.hex) }
        }
    }
}
