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
        var run = ChangeRun(changes, of: self, summing: summing, buffers: context.buffers)
        try run.follow(0..<run.count, context)
        return try run.outputs(context)
    }
}
