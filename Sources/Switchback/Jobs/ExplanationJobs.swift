internal import Blobs
public import Concurrency
internal import Explainers
public import Jobs
internal import Models

/// Explanations as jobs: handed in, told of, cancelled, answered.
///
/// A result has the bytes of the answer that the same request gets at once.
public final class ExplanationJobs: Sendable {
    /// Does their shards.
    public let runner: ExplanationJobRunner
    /// The bounds of one job.
    public let limits: JobLimits
    let engine: ExplanationEngine
    let store: any JobStore
    let models = JobModels()
    let datasets: DatasetCatalog
    /// The time of day.
    public let now: @Sendable () -> WallTime
    private let newID: @Sendable () -> JobID

    /// Jobs in `store`, computed by `engine`.
    ///
    /// - Parameters:
    ///   - datasets: where the images of jobs over data sets come from.
    ///   - now: the time of day.
    ///   - newID: a name that no job has; by chance unless told.
    public init(
        engine: ExplanationEngine, store: any JobStore, limits: JobLimits = JobLimits(),
        datasets: DatasetCatalog = .empty, now: @escaping @Sendable () -> WallTime,
        newID: @escaping @Sendable () -> JobID = {
            var generator = SystemRandomNumberGenerator()
            return JobID(using: &generator)
        }
    ) {
        self.newID = newID
        self.engine = engine
        self.store = store
        self.limits = limits
        self.datasets = datasets
        self.now = now
        runner = ExplanationJobRunner(engine: engine, store: store, models: models, datasets: datasets)
    }

    /// Makes a job of a request, or finds the one that it is already.
    ///
    /// All that is known to be wrong before the network has been computed is found here.
    ///
    /// - Parameters:
    ///   - sha256: the digest of the image's bytes.
    ///   - client: who asks; jobs are limited by client, and identical ones of one client are one.
    ///   - key: the client's own name for the request, if it has one.
    /// - Throws: `SwitchbackError` for what is wrong with the request, `tooCostly`, `tooManyJobs`, `keyUsed`, and `noRoom`
    ///   where the store is full.
    public func submit(
        _ request: ResolvedRequest, about image: ImageInput, sha256: String, client: String = "", key: String? = nil,
        priority: Int = 0
    ) throws -> SubmittedJob {
        do {
            return try submit(
                request, JobPayload(request, image: image, sha256: sha256),
                try engine.work(on: request, about: image, sha256: sha256),
                input: JobInput(digest: sha256, bytes: image.bytes), client: client, key: key, priority: priority)
        } catch {
            throw SwitchbackError.translating(error)
        }
    }

    /// Makes a job of a request over a data set, whose list the job keeps.
    ///
    /// - Throws: as ``submit(_:about:sha256:client:key:priority:)`` does.
    public func submit(
        _ request: ResolvedRequest, over dataset: OpenDataset, client: String = "", key: String? = nil,
        priority: Int = 0
    ) throws -> SubmittedJob {
        do {
            try datasets.share(dataset)
            // The name and what is broken are part of the list, and no part of the set's identity.
            let list = try dataset.dataset.document()
            let submitted = try submit(
                request, JobPayload(request, over: dataset.dataset), try engine.work(on: request, over: dataset),
                input: JobInput(digest: Digest.sha256(of: list).hex, bytes: list), client: client, key: key,
                priority: priority)
            // Who removes a set takes its list away first and looks for jobs then: one of both sees the other.
            guard try datasets.has(dataset.dataset) else {
                if submitted.isNew { _ = try store.cancel(submitted.job.job.id, now: now()) }
                throw SwitchbackError.noDataset(
                    reason: "the data set '\(dataset.dataset.name)' was removed or changed just now")
            }
            try datasets.share(dataset, isCertain: true)
            return submitted
        } catch {
            throw SwitchbackError.translating(error)
        }
    }

    private func submit(
        _ request: ResolvedRequest, _ payload: JobPayload, _ work: JobWork, input: JobInput, client: String,
        key: String?,
        priority: Int
    ) throws -> SubmittedJob {
        let estimate = CostSummary(work.durable.estimate, writing: request.output)
        try check(estimate)
        let payload = try payload.bytes()
        let new = NewJob(
            id: newID(), kind: request.kind.rawValue, requirement: request.modelContentDigest, payload: payload,
            identity: Digest.sha256(of: payload).hex, input: input,
            shards: work.durable.shards().map(ShardItems.bytes), idempotencyKey: key, client: client,
            priority: priority)
        models.note(request.modelContentDigest)
        let enqueued = try store.enqueue(new, clientLimit: limits.maximumPerClient, now: now())
        return SubmittedJob(job: try ExplanationJob(enqueued.job), isNew: enqueued.isNew, estimate: estimate)
    }

    /// The job with that name.
    ///
    /// - Throws: `SwitchbackError.noJob` where there is none.
    public func job(_ id: String) throws -> ExplanationJob { try ExplanationJob(try found(id)) }

    /// The jobs that `filter` includes, newest first, behind `cursor`; at most `limit` of them.
    public func jobs(
        _ filter: JobFilter = JobFilter(), after cursor: JobCursor? = nil, limit: Int
    ) throws -> ExplanationJobPage {
        do {
            let page = try store.jobs(filter, after: cursor, limit: limit)
            // One that a newer version has handed in, and that this one cannot read, is no reason to list none.
            return ExplanationJobPage(jobs: page.jobs.compactMap { try? ExplanationJob($0) }, next: page.next)
        } catch {
            throw SwitchbackError.translating(error)
        }
    }

    /// Ends a job; one that is cancelled already stays so.
    ///
    /// - Throws: `noJob`, or `jobState` for one that has ended in another way.
    public func cancel(_ id: String) throws -> ExplanationJob {
        do {
            return try ExplanationJob(try store.cancel(try found(id).id, now: now()))
        } catch {
            throw SwitchbackError.translating(error)
        }
    }

    /// The request of a job, answered as `output` says.
    ///
    /// - Throws: `noJob`, and what is wrong with `output`, which is nothing but options of the form.
    public func request(
        of id: String, output: [GivenOption], acceptedFormat: OutputFormat?
    ) throws -> ResolvedRequest {
        let payload = try JobPayload(try found(id).payload)
        if let option = output.first(where: { !OutputOptions.names.contains($0.name) }) {
            let kind = try payload.request().kind
            throw SwitchbackError.unknownOption(
                name: option.name, kind: kind, allowed: OutputOptions.names.sorted())
        }
        return try engine.resolve(try payload.request(output: output, acceptedFormat: acceptedFormat))
    }

    /// The answer of a completed job, the same as if it had been computed at once.
    ///
    /// - Parameter output: how it will be written, which takes memory too.
    /// - Throws: `noJob`, `jobState` for one that is not completed, `tooMuchMemory`, and `Stopped` when `token` says so.
    public func answer(
        of id: String, writing output: OutputOptions? = nil, token: CancellationToken = .never
    ) throws -> Answer {
        let job = try completed(id)
        return try answer(of: job, writing: output, token: token).answer
    }

    /// Throws `jobState` for a job that is not completed.
    public func requireCompleted(_ id: String) throws { _ = try completed(id) }

    /// What there is of a job's answer, as if what is not done yet changed nothing, and how much of it that is.
    ///
    /// - Throws: `noJob`, `jobState` where nothing can be told yet, `tooMuchMemory`, and `Stopped` when `token` says so.
    public func partialAnswer(
        of id: String, writing output: OutputOptions? = nil, token: CancellationToken = .never
    ) throws -> (answer: Answer, progress: JobProgress) {
        try answer(of: try found(id), writing: output, token: token)
    }

    private func answer(
        of job: Job, writing output: OutputOptions?, token: CancellationToken
    ) throws -> (answer: Answer, progress: JobProgress) {
        do {
            guard let input = try store.input(of: job.id) else { throw SwitchbackError.noJob(id: job.id.text) }
            let work = try engine.work(on: try JobPayload(job.payload), input: input, datasets: datasets)
            let bounds = output.map { SweepBounds(limits: engine.limits, output: $0) }
            try bounds?.checkMemory(work.durable.estimate)
            let prepared = try work.prepared(priority: .interactive, token: token)
            let results = Dictionary(
                try store.results(of: job.id).map { ($0.items, $0.bytes) }, uniquingKeysWith: { first, _ in first })
            let shards = work.durable.plan().map {
                ShardBytes(shard: $0, bytes: results[ShardItems.bytes(of: $0)])
            }
            let done = shards.count { $0.bytes != nil }
            try token.check()
            guard shards.count == job.progress.total, done >= job.progress.done,
                let answer = try prepared.merge(shards, work.turns(priority: .interactive, token: token))
            else { throw Self.notCompleted(job) }
            try bounds?.checkMemory(work.durable.estimate, of: answer)
            return (answer, JobProgress(done: done, total: shards.count))
        } catch {
            throw SwitchbackError.translating(error)
        }
    }

    private func completed(_ id: String) throws -> Job {
        let job = try found(id)
        guard job.state == .completed else { throw Self.notCompleted(job) }
        return job
    }

    private static func notCompleted(_ job: Job) -> SwitchbackError {
        let reason = job.error.map { ": \($0)" } ?? ""
        return .jobState(
            reason: """
                job '\(job.id)' is \(job.state.rawValue), \(job.progress.done) of \(job.progress.total) shards are \
                done\(reason); its result is there when it is completed
                """)
    }

    private func check(_ estimate: CostSummary) throws(SwitchbackError) {
        guard Double(estimate.multiplyAdds) <= limits.maximumMultiplyAdds else {
            throw .tooCostly(estimate: estimate, limit: limits.maximumMultiplyAdds)
        }
        guard estimate.bytes <= engine.limits.maximumExplanationBytes else {
            throw .tooMuchMemory(estimate: estimate, limit: engine.limits.maximumExplanationBytes)
        }
    }

    private func found(_ id: String) throws -> Job {
        do {
            guard let name = JobID(id), let job = try store.job(name) else { throw SwitchbackError.noJob(id: id) }
            return job
        } catch {
            throw SwitchbackError.translating(error)
        }
    }
}
