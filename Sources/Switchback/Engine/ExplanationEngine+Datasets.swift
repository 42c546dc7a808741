internal import Blobs
public import Concurrency
internal import Explainers
internal import Models

extension ExplanationEngine {
    /// The answer to `request` over a data set.
    ///
    /// - Parameters:
    ///   - token: stops the work within a slice of at most 50 ms.
    ///   - progress: told after each shard how many of how many are done, on the calling thread.
    /// - Throws: `SwitchbackError` for what is wrong with the request or the set, `Stopped` when `token` says so.
    public func answer(
        _ request: ResolvedRequest, over dataset: OpenDataset, token: CancellationToken = .never,
        progress: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> Answer {
        do {
            let set = PlainDataset(model: request.model, open: dataset, engine: self)
            let sweep = SweepRunner(
                pool: pool, kernels: kernels, passes: FreshPasses(), token: token,
                bounds: SweepBounds(limits: limits, output: request.output), progress: progress)
            return try request.question.open(about: .dataset(set), of: request.model, to: sweep)
        } catch {
            throw SwitchbackError.translating(error)
        }
    }
}
