internal import Concurrency
public import Kernels
public import Tensors

/// Passes over an input of which rectangles are changed, computed where the change reaches and nowhere else.
///
/// The pass over the input itself is kept. For each change, layer by layer, the rectangle of outputs is computed that see
/// something of it, from crops of what the layer reads: computed where it changed, taken from the kept pass around it.
/// Since every output is summed in one order wherever it is computed, the bits are those of a plain pass over the
/// changed input. Rows and columns that came out as they were are not followed further. Layers that look at everything,
/// such as dense ones, are computed whole.
public struct IncrementalPass: Sendable {
    /// The network.
    public let network: Network
    /// The pass over the input, with all activations.
    let trace: ForwardTrace
    let plan: IncrementalPlan
    /// The activations of that pass, by layer.
    let activations: [BlockedMaps]
    /// The places in concatenations that layers write into, by layer.
    let slots: [PassPlan.Slot?]
    /// The input as it came.
    let input: Tensor
    /// The input with its few channels side by side, if convolutions read it so.
    let pixels: InputMaps?
    /// The input in blocks of channels.
    let blocked: BlockedMaps
    /// The sums of the rows of layers whose maps are averaged.
    let rowSums: [BlockedMaps?]

    /// What several changes give.
    public struct Outputs: Sendable {
        /// The logits, before any softmax: [N, classes].
        public let logits: Tensor
        /// The softmax of the logits: [N, classes].
        public let probabilities: Tensor
        /// The sums of the feature map asked for, one a change.
        public let sums: [Float]
    }

    /// Passes over changes of this input, [C, H, W] or [1, C, H, W], of which `trace` is the pass.
    ///
    /// Precondition: the trace is of one image and keeps all activations.
    public init(_ trace: ForwardTrace, of input: Tensor, context: KernelContext) {
        let network = trace.network
        precondition(
            trace.images == 1 && network.layers.allSatisfy(trace.keeps),
            "changes are followed from one image's whole pass, with all activations")
        (self.network, self.trace, self.input) = (network, trace, input)
        let plan = IncrementalPlan(network)
        self.plan = plan
        activations = network.layers.map(trace.activation)
        var slots = [PassPlan.Slot?](repeating: nil, count: network.layers.count)
        for step in plan.steps { slots[step.index] = step.slot }
        self.slots = slots
        blocked = BlockedMaps(input, buffers: context.buffers)
        pixels = network.inputShape[0] < BlockedMaps.lanes ? InputMaps(input, buffers: context.buffers) : nil
        var rowSums = [BlockedMaps?](repeating: nil, count: network.layers.count)
        for step in plan.steps where step.operation == nil {
            guard case .layer(let index) = step.sources[0].value else { continue }
            rowSums[index] = GlobalAveragePooling.rowSums(activations[index], context)
        }
        self.rowSums = rowSums
    }

    /// The logits and probabilities for each change, and the sum of one feature map as ``BlockedMaps/sum(image:channel:)``
    /// gives it.
    ///
    /// Throws `notFinite` if a logit is not finite.
    public func run(
        _ changes: [InputChange], summing: (layer: Layer, featureMap: Int)? = nil, context: KernelContext
    ) throws(NetworksError) -> Outputs {
        let sum = summing.map { FeatureMapSum(layer: $0.layer.index, featureMap: $0.featureMap) }
        let rectangles = changes.map { $0.changed(in: input) }
        let changing = changes.indices.filter { !rectangles[$0].isEmpty }
        var (logits, probabilities) = (trace.logits, trace.probabilities)
        var sums: [Float] = []
        if !changing.isEmpty {
            let found = try run(changing.map { changes[$0] }, changing.map { rectangles[$0] }, sum, context)
            (logits, probabilities, sums) = (found.trace.logits, found.trace.probabilities, found.sums)
        }
        if changing.count == changes.count {
            return Outputs(logits: logits, probabilities: probabilities, sums: sums)
        }
        // Those that change nothing have the numbers of the input as it is.
        var place = changes.map { _ in Int?.none }
        for (image, change) in changing.enumerated() { place[change] = image }
        let unchanged = summing.map { activations[$0.layer.index].sum(image: 0, channel: $0.featureMap) }
        return Outputs(
            logits: Tensor.stacked(place.map { $0.map(logits.slice) ?? trace.logits.slice(0) }),
            probabilities: Tensor.stacked(place.map { $0.map(probabilities.slice) ?? trace.probabilities.slice(0) }),
            sums: unchanged.map { unchanged in place.map { $0.map { sums[$0] } ?? unchanged } } ?? [])
    }
}

/// A feature map whose sum is asked for.
struct FeatureMapSum: Hashable, Sendable {
    let layer: Int
    let featureMap: Int
}

extension IncrementalPass {
    /// Bytes of crops that one thread works on at a time: about what its second-level cache holds beside the weights.
    private static let cropBytes = 4 << 20

    private func run(
        _ changes: [InputChange], _ rectangles: [MapRectangle], _ sum: FeatureMapSum?, _ context: KernelContext
    ) throws(NetworksError) -> (trace: ForwardTrace, sums: [Float]) {
        let changePlan = ChangePlan(network, plan, input: rectangles)
        let atOnce = max(1, Self.cropBytes / max(1, changePlan.cropBytes(network, plan)))
        let split = BatchSplit(images: changes.count, threads: context.team.threads, most: atOnce)
        var handedOver: [Int: BlockedMaps] = [:]
        for index in plan.handedOver {
            let layer = network.layers[index]
            handedOver[index] = BlockedMaps(
                images: changes.count, channels: layer.featureMaps, height: layer.height, width: layer.width,
                from: context.buffers)
        }
        let values = changes.map(\.values)
        let whole = handedOver
        let sums = try split.map(context) { (range, context) throws(NetworksError) in
            var run = CropRun(self, changePlan.part(range), values: Array(values[range]), context: context)
            return run.run(summing: sum, handedOver: whole.mapValues { $0.view(images: range) })
        }
        let trace = try tail(changes, whole, keeping: sum.map { $0.layer }, context)
        return (trace, sumsBehind(sum, in: trace) ?? Array(sums.joined()))
    }

    /// The layers computed whole, by all threads together, so that large weights are read once.
    private func tail(
        _ changes: [InputChange], _ values: [Int: BlockedMaps], keeping layer: Int?, _ context: KernelContext
    ) throws(NetworksError) -> ForwardTrace {
        let pictures =
            plan.tailReadsInput
            ? PassInput(Tensor.stacked(changes.map { $0.applied(to: input) }), for: network, context) : nil
        let kept = layer.flatMap { plan.roles[$0] == .whole || values[$0] != nil ? [$0] : nil } ?? []
        var run = LayerRun(
            network, pictures, images: changes.count, keeping: kept.isEmpty ? .logits : .layers(Set(kept)),
            context: context)
        run.take(values)
        for index in plan.tail { try run.compute(index) }
        return try run.finish()
    }

    private func sumsBehind(_ sum: FeatureMapSum?, in found: ForwardTrace) -> [Float]? {
        guard let sum, plan.roles[sum.layer] != .cropped else { return nil }
        let maps = found.activation(network.layers[sum.layer])
        return (0..<found.images).map { maps.sum(image: $0, channel: sum.featureMap) }
    }
}
