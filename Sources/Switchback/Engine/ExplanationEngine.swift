internal import Blobs
public import Concurrency
internal import Explainers
internal import Imaging
internal import Kernels
public import Models
internal import Tensors

/// Answers requests: finds the model, prepares the image, runs the explainer on the compute pool.
///
/// It holds what all requests share (models, threads, buffers) and nothing of any one request, so that the same request
/// gives the same answer whatever else runs.
public final class ExplanationEngine: Sendable {
    /// The models there are.
    public let library: ModelLibrary
    /// The bounds of one explanation.
    public let limits: EngineLimits
    let pool: ComputePool
    let kernels: KernelContext
    let seen: SeenImages

    /// An engine on `pool`.
    ///
    /// - Parameter instructionSet: the kernels to use, by name; nil chooses the fastest that this processor has. The
    ///   results are the same bits from each.
    /// - Throws: `SwitchbackError.badValue` for an instruction set that is unknown or that this processor lacks.
    public init(
        library: ModelLibrary, pool: ComputePool, limits: EngineLimits = EngineLimits(), instructionSet: String? = nil
    ) throws(SwitchbackError) {
        self.library = library
        self.pool = pool
        self.limits = limits
        seen = SeenImages(byteLimit: limits.seenImageBytes)
        // Enough for the batches of a sweep, so that slices allocate nothing large; it counts in what a service holds.
        let buffers = BufferPool(keepingBytes: 48 << 20)
        guard let name = instructionSet else {
            kernels = KernelContext(buffers: buffers)
            return
        }
        guard let chosen = InstructionSet(rawValue: name), chosen.isAvailable else {
            throw .badValue(
                option: "instruction_set", value: name,
                allowed: InstructionSet.available.map(\.rawValue).joined(separator: ", "))
        }
        kernels = KernelContext(instructionSet: chosen, buffers: buffers)
    }

    /// The name of the instruction set in use.
    public var instructionSet: String { kernels.instructionSet.rawValue }

    /// How often an image or the pass over it was there already.
    public var seenImages: CacheStatistics { seen.statistics }

    /// The number of turns waiting for the compute pool.
    public var waiting: Int { pool.waiting }

    /// The answer to `request` about `image`.
    ///
    /// - Parameters:
    ///   - token: stops the work within a slice of at most 50 ms.
    ///   - stages: told how long each stage took, for `Server-Timing`; times are no part of the answer.
    ///   - progress: told after each shard how many of how many are done, on the calling thread.
    /// - Throws: `SwitchbackError` for what is wrong with the request, `Stopped` when `token` says so.
    public func answer(
        _ request: ExplanationRequest, about image: ImageInput, token: CancellationToken = .never,
        stages: @escaping (Stage) -> Void = { _ in },
        progress: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> Answer {
        let resolved = try StageClock(report: stages).time("model") { try resolve(request) }
        return try answer(resolved, about: image, token: token, stages: stages, progress: progress)
    }

    /// The answer to a request whose model is at hand.
    ///
    /// - Parameter sha256: the digest of the image's bytes where it is known; it is computed otherwise.
    public func answer(
        _ request: ResolvedRequest, about image: ImageInput, sha256: String? = nil, token: CancellationToken = .never,
        stages: @escaping (Stage) -> Void = { _ in },
        progress: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> Answer {
        do {
            let clock = StageClock(report: stages)
            let model = request.model
            try token.check()
            let key = SeenImages.Key(model, image, sha256: sha256 ?? image.sha256)
            let prepared = try clock.time("prepare") {
                try seen.image(key) { try prepare(image, sha256: key.imageSHA256, for: model) }
            }
            try token.check()
            let sweep = SweepRunner(
                pool: pool, kernels: kernels, passes: seen.passes(key), token: token,
                bounds: SweepBounds(limits: limits, output: request.output), progress: progress)
            return try clock.time("compute") {
                try request.question.open(about: .image(prepared), of: model, to: sweep)
            }
        } catch {
            throw SwitchbackError.translating(error)
        }
    }

    /// Throws what is wrong with a request about an image, as far as that is known without a pass through the network.
    public func check(_ request: ResolvedRequest, about image: ImageInput) throws {
        do {
            let image = try prepare(image, sha256: image.sha256, for: request.model)
            try SweepBounds(limits: limits, output: request.output)
                .check(try request.question.open(about: .image(image), of: request.model, to: EstimateVisitor()))
        } catch {
            throw SwitchbackError.translating(error)
        }
    }

    /// Decodes and preprocesses a picture, or reads the network's input.
    func prepare(_ image: ImageInput, sha256: String, for model: Model) throws -> PreparedImage {
        switch image {
        case .encoded(let bytes):
            guard model.preprocessing != nil else { throw SwitchbackError.noPreprocessing(model: model.name) }
            let decoded = try ImageDecoder.decode(bytes, limits: limits.image)
            let identity = ImageIdentity(sha256: sha256, width: decoded.width, height: decoded.height)
            return PreparedImage(identity: identity, input: try model.prepare(decoded))
        case .npy(let bytes):
            let input = try model.prepare(try NPY.decode(bytes))
            let identity = ImageIdentity(
                sha256: sha256, width: input.tensor.shape[2], height: input.tensor.shape[1])
            return PreparedImage(identity: identity, input: input)
        }
    }
}

/// What a question is about, as the network takes it.
enum PreparedSubject: Sendable {
    case image(PreparedImage)
    case dataset(PlainDataset)
}

/// An image as the network takes it, and which one it is.
struct PreparedImage: Sendable {
    let identity: ImageIdentity
    let input: PreparedInput
}

/// Runs explainers for one request, unless they would cost too much.
struct SweepRunner: ExplainerVisitor {
    typealias Outcome = Answer

    let pool: ComputePool
    let kernels: KernelContext
    let passes: any PassSource
    let token: CancellationToken
    let bounds: SweepBounds
    let progress: (_ done: Int, _ total: Int) -> Void

    func visit<Method: DurableExplainer>(
        _ explainer: Method, compose: @escaping @Sendable (Method.Explanation) -> Answer
    ) throws -> Answer {
        try bounds.check(explainer.estimate)
        let answer = compose(
            try Sweep.run(explainer, pool: pool, token: token, context: kernels, passes: passes) {
                progress($0.done, $0.total)
            })
        try bounds.checkMemory(explainer.estimate, of: answer)
        return answer
    }
}
