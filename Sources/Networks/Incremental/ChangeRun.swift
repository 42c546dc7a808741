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
    /// The sums of the feature map asked for, if its layer is one of which rectangles are computed.
    private var sums: [Float]

    /// Bytes of crops that one thread works on at a time: about what its second-level cache holds beside the weights.
    private static let cropBytes = 4 << 20

    /// Changes of the pass's input, each by itself.
    public init(
        _ changes: [InputChange], of pass: IncrementalPass, summing: (layer: Layer, featureMap: Int)? = nil,
        buffers: BufferPool
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
        sums = Array(repeating: 0, count: changing.count)
    }

    /// How many changes have to be followed: those that change anything.
    public var count: Int { changing.count }

    /// Follows some of them, by their numbers below ``count``, through the layers of which rectangles are computed.
    public mutating func follow(_ range: Range<Int>, _ context: KernelContext) throws(NetworksError) {
        if range.isEmpty { return }
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "changes \(range) of \(count)")
        let part = plan.part(range)
        let atOnce = max(1, Self.cropBytes / max(1, part.cropBytes(pass.network, pass.plan)))
        let split = BatchSplit(
            images: range.count, threads: context.team.threads, most: atOnce, together: pass.plan.sharesFilters)
        let found = try split.map(context) { [self] (images, context) throws(NetworksError) in
            let these = range.lowerBound + images.lowerBound..<range.lowerBound + images.upperBound
            var run = CropRun(
                pass, part.part(images), values: changing[these].map { changes[$0].values }, context: context)
            return try run.run(summing: summing, handedOver: handedOver.mapValues { $0.view(images: these) })
        }
        let joined = Array(found.joined())
        if !joined.isEmpty { sums.replaceSubrange(range, with: joined) }
    }

    /// What all changes give, in their order; all of them must have been followed.
    ///
    /// Throws `notFinite` if a logit is not finite.
    public func outputs(_ context: KernelContext) throws(NetworksError) -> IncrementalPass.Outputs {
        let unchanged = pass.trace
        if count == 0 && changes.isEmpty { preconditionFailure("no changes to follow") }
        let found = count == 0 ? unchanged : try tail(context)
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

    /// The layers computed whole, by all threads together.
    private func tail(_ context: KernelContext) throws(NetworksError) -> ForwardTrace {
        let network = pass.network
        let pictures =
            pass.plan.tailReadsInput
            ? PassInput(
                Tensor.stacked(changing.map { changes[$0].applied(to: pass.input) }), for: network, context) : nil
        let keeping = summing.flatMap { pass.plan.roles[$0.layer] == .cropped ? nil : Keeping.layers([$0.layer]) }
        var run = LayerRun(network, pictures, images: count, keeping: keeping ?? .logits, context: context)
        run.take(handedOver)
        for index in pass.plan.tail { try run.compute(index) }
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
