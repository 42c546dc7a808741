internal import Blobs
internal import Concurrency
internal import Jobs
internal import Models

/// The models that jobs ask for, of those that are here: only these are loaded for them.
final class JobModels: Sendable {
    /// Jobs are looked at once more that came so long before the last look, in milliseconds: clocks differ, and a job may
    /// be seen a moment after its time.
    private static let overlap: Int64 = 60_000

    private let known = Guarded<Set<String>>([])
    private let learned = Guarded<WallTime?>(nil)

    /// The digests of all that these models are made of, sorted.
    var digests: [String] { known.withLock { $0.sorted() } }

    /// Notes that the model with that digest is here, and tells whether that is new.
    @discardableResult
    func note(_ digest: String) -> Bool { known.withLock { $0.insert(digest).inserted } }

    /// Loads the models that jobs which have not ended ask for, if these came since the last call; those that are not here,
    /// or not the same any more, are left to other workers.
    ///
    /// - Returns: whether there is a new one.
    func learn(from store: any JobStore, engine: ExplanationEngine, now: WallTime) throws(JobsError) -> Bool {
        let from = learned.withLock { $0?.advanced(byMilliseconds: -Self.overlap) }
        let open = JobFilter(states: [.available, .running, .retryable], createdFrom: from)
        var (cursor, names): (JobCursor?, Set<String>) = (nil, [])
        repeat {
            let page = try store.jobs(open, after: cursor, limit: 500)
            names.formUnion(page.jobs.compactMap { try? JobPayload($0.payload).model })
            cursor = page.next
        } while cursor != nil
        learned.withLock { $0 = now }
        var isNew = false
        for name in names.sorted() {
            guard let model = try? engine.library.model(named: name) else { continue }
            isNew = note(model.contentDigest.hex) || isNew
        }
        return isNew
    }
}
