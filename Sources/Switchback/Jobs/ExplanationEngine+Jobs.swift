internal import Concurrency
internal import Explainers
internal import Jobs
internal import Models

extension ExplanationEngine {
    /// A request that a job keeps, as work on its image, or on the data set whose list the bytes are.
    func work(on payload: JobPayload, input bytes: [UInt8], datasets: DatasetCatalog) throws -> JobWork {
        let resolved = try resolve(try payload.request())
        guard resolved.modelContentDigest == payload.modelContent else {
            throw SwitchbackError.brokenModel(
                reason: "model '\(payload.model)' is no longer the one that the job was made for")
        }
        guard resolved.dataset != nil else {
            return try work(on: resolved, about: payload.input(bytes), sha256: payload.image)
        }
        let dataset = try Dataset(document: bytes)
        guard dataset.digest == payload.image else {
            throw SwitchbackError.brokenStore(reason: "the list of a job's images is not the one that it was made for")
        }
        return try work(on: resolved, over: datasets.open(dataset))
    }

    /// A request over a data set as work that can be done shard by shard.
    func work(on request: ResolvedRequest, over dataset: OpenDataset) throws -> JobWork {
        let set = PlainDataset(model: request.model, open: dataset, engine: self)
        let durable = try request.question.open(
            about: .dataset(set), of: request.model, to: DurableWorkVisitor())
        return JobWork(durable: durable, passes: FreshPasses(), engine: self)
    }

    /// A request as work that can be done shard by shard.
    func work(on request: ResolvedRequest, about image: ImageInput, sha256: String) throws -> JobWork {
        let key = SeenImages.Key(request.model, image, sha256: sha256)
        let prepared = try seen.image(key) { try prepare(image, sha256: sha256, for: request.model) }
        let durable = try request.question.open(about: .image(prepared), of: request.model, to: DurableWorkVisitor())
        return JobWork(durable: durable, passes: seen.passes(key), engine: self)
    }
}

/// Work on one job, and where it is computed.
struct JobWork: Sendable {
    let durable: DurableWork
    let passes: any PassSource
    let engine: ExplanationEngine

    /// The work with its groundwork.
    func prepared(priority: Priority, token: CancellationToken) throws -> PreparedWork {
        try durable.prepare(turns(priority: priority, token: token), passes)
    }

    func turns(priority: Priority, token: CancellationToken) -> Turns {
        Turns(engine.pool, priority: priority, token: token, context: engine.kernels)
    }
}
