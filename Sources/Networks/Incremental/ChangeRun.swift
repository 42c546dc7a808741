internal import Concurrency
public import Kernels
internal import Tensors

/// Changes of an input being followed: a few at a time through the layers of which rectangles are computed, and in the
/// end all together through those that are computed whole, so that large weights are read once for all.
public struct ChangeRun: Sendable {
    private let pass: IncrementalPass
    private let plan: ChangePlan
    private let summing: FeatureMapSum?
    private let changes: [InputChange]
    /// The changes that change anything, by their positions.
    private let changing: [Int]
    /// What layers computed whole will read, by layer: maps of an image for each of these.
    private let handedOver: [Int: BlockedMaps]
    /// The layers computed whole, in turns, and how far they have come.
    private let turnWork: Int
    private let tail: TurnPlan
    private var tailRun: LayerRun?
    private var tailDone = 0
    /// The sums of the feature map asked for, if its layer is one of which rectangles are computed.
    private var sums: [Float]

    /// Bytes of crops that one thread works on at a time: about what its second-level cache holds beside the weights.
    private static let cropBytes = 4 << 20
    /// The same where all threads work on the same crops: what a layer reads is cut into tiles in any case, and more of them
    /// share the filters that are transformed.
    private static let sharedCropBytes = 16 << 20

    /// Changes of the pass's input, each by itself, whose turns are of no more work than `turnWork` where they can be cut so
    /// small.
    public init(
        _ changes: [InputChange], of pass: IncrementalPass, summing: (layer: Layer, featureMap: Int)? = nil,
        turnWork: Int = Network.turnWork, buffers: BufferPool
    ) {
        let rectangles = changes.map { $0.changed(in: pass.input) }
        let changing = changes.indices.filter { !rectangles[$0].isEmpty }
        (self.pass, self.changes, self.changing) = (pass, changes, changing)
        self.summing = summing.map { FeatureMapSum(layer: $0.layer.index, featureMap: $0.featureMap) }
        plan = ChangePlan(pass.network, pass.plan, input: changing.map { rectangles[$0] })
        var handedOver: [Int: BlockedMaps] = [:]
        for index in pass.plan.handedOver where !changing.isEmpty {
            let layer = pass.network.layers[index]
            handedOver[index] = BlockedMaps(
                images: changing.count, channels: layer.featureMaps, height: layer.height, width: layer.width,
                from: buffers)
        }
        self.handedOver = handedOver
        self.turnWork = turnWork
        tail = TurnPlan(pass.plan.tail, of: pass.network, images: changing.count, most: turnWork)
        sums = Array(repeating: 0, count: changing.count)
    }

    /// How many changes have to be followed: those that change anything.
    public var count: Int { changing.count }

    /// Follows some of them, by their numbers below ``count``, through the layers of which rectangles are computed.
    ///
    /// `take` does what it is handed in a turn of its own, with a context of so many threads. Where all threads compute the
    /// same changes together they are followed by layers, as many of these in a turn as its work allows; else in one turn.
    public mutating func follow(
        _ range: Range<Int>, threads: Int, _ take: ((KernelContext) throws -> Void) throws -> Void
    ) throws {
        if range.isEmpty { return }
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "changes \(range) of \(count)")
        let part = plan.part(range)
        let isTogether = pass.plan.sharesFilters
        let split = BatchSplit(
            images: range.count, threads: threads, most: atOnce(part, threads), together: isTogether)
        var found: [[Float]] = []
        if isTogether {
            for images in split.rest {
                var run: CropRun?
                for steps in part.part(images).turns(pass.network, pass.plan, most: turnWork) {
                    try take { context in
                        var current = run ?? cropRun(images, of: range, part, context)
                        run = nil
                        try current.compute(steps, context)
                        run = current
                    }
                }
                found.append(run?.sums ?? [])
            }
        } else {
            try take { context in
                found = try split.map(context) { [self] (images, context) throws(NetworksError) in
                    var run = cropRun(images, of: range, part, context)
                    try run.compute(pass.plan.steps.indices, context)
                    return run.sums
                }
            }
        }
        let joined = Array(found.joined())
        if !joined.isEmpty { sums.replaceSubrange(range, with: joined) }
    }

    /// The same on threads that are at hand.
    public mutating func follow(_ range: Range<Int>, _ context: KernelContext) throws(NetworksError) {
        do {
            try follow(range, threads: context.team.threads) { try $0(context) }
        } catch let error as NetworksError {
            throw error
        } catch {
            preconditionFailure("following changes throws \(error)")
        }
    }

    /// How many changes a thread follows at a time; where all follow the same ones, no more than take one turn in each layer.
    private func atOnce(_ part: ChangePlan, _ threads: Int) -> Int {
        let bytes = max(1, part.cropBytes(pass.network, pass.plan))
        if !pass.plan.sharesFilters { return max(1, Self.cropBytes / bytes) }
        let work = pass.plan.steps.map { part.work(of: $0, pass.network) }.max() ?? 0
        let inTime = turnWork / max(1, work / part.input.count) / threads
        return max(1, min(Self.sharedCropBytes / bytes, inTime))
    }

    private func cropRun(
        _ images: Range<Int>, of range: Range<Int>, _ part: ChangePlan, _ context: KernelContext
    ) -> CropRun {
        let these = range.lowerBound + images.lowerBound..<range.lowerBound + images.upperBound
        return CropRun(
            pass, part.part(images), values: changing[these].map { changes[$0].values }, summing: summing,
            handedOver: handedOver.mapValues { $0.view(images: these) }, context: context)
    }

    /// How many turns the layers that are computed whole are cut into.
    public var tailTurns: Int { count == 0 ? 0 : tail.turns.count }

    /// Computes the next of these turns, for all changes together; all of them must have been followed.
    public mutating func computeTail(_ context: KernelContext) throws(NetworksError) {
        precondition(tailDone < tailTurns, "\(tailTurns) turns are done")
        var run = tailRun ?? beginTail(context)
        tailRun = nil
        run.context = context
        for piece in tail.turns[tailDone] { try run.compute(piece.layer, part: piece.part, of: piece.parts) }
        tailRun = run
        tailDone += 1
    }

    /// What all changes give, in their order.
    ///
    /// All of them must have been followed; what is left of the layers computed whole is computed. Throws `notFinite` if a
    /// logit is not finite.
    public mutating func outputs(_ context: KernelContext) throws(NetworksError) -> IncrementalPass.Outputs {
        let unchanged = pass.trace
        if count == 0 && changes.isEmpty { preconditionFailure("no changes to follow") }
        let found = count == 0 ? unchanged : try finishTail(context)
        let sums = count == 0 ? [] : sumsBehind(found) ?? self.sums
        if count == changes.count {
            return IncrementalPass.Outputs(
                logits: found.logits, probabilities: found.probabilities, sums: summing == nil ? [] : sums)
        }
        // Those that change nothing have the numbers of the input as it is.
        var place = changes.map { _ in Int?.none }
        for (image, change) in changing.enumerated() { place[change] = image }
        return IncrementalPass.Outputs(
            logits: Tensor.stacked(place.map { $0.map(found.logits.slice) ?? unchanged.logits.slice(0) }),
            probabilities: Tensor.stacked(
                place.map { $0.map(found.probabilities.slice) ?? unchanged.probabilities.slice(0) }),
            sums: summing.map { summing in
                let whole = pass.activations[summing.layer].sum(image: 0, channel: summing.featureMap)
                return place.map { $0.map { sums[$0] } ?? whole }
            } ?? [])
    }

    /// The layers computed whole, for all threads together.
    private func beginTail(_ context: KernelContext) -> LayerRun {
        let network = pass.network
        let pictures =
            pass.plan.tailReadsInput
            ? PassInput(
                Tensor.stacked(changing.map { changes[$0].applied(to: pass.input) }), for: network, context) : nil
        let keeping = summing.flatMap { pass.plan.roles[$0.layer] == .cropped ? nil : Keeping.layers([$0.layer]) }
        var run = LayerRun(network, pictures, images: count, keeping: keeping ?? .logits, context: context)
        run.take(handedOver)
        return run
    }

    private mutating func finishTail(_ context: KernelContext) throws(NetworksError) -> ForwardTrace {
        while tailDone < tailTurns { try computeTail(context) }
        var run = tailRun ?? beginTail(context)
        tailRun = nil
        return try run.finish()
    }

    private func sumsBehind(_ found: ForwardTrace) -> [Float]? {
        guard let summing, pass.plan.roles[summing.layer] != .cropped else { return nil }
        let maps = found.activation(pass.network.layers[summing.layer])
        return (0..<found.images).map { maps.sum(image: $0, channel: summing.featureMap) }
    }
}

/// A feature map whose sum is asked for.
struct FeatureMapSum: Hashable, Sendable {
    let layer: Int
    let featureMap: Int
}
