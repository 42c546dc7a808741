internal import Kernels
internal import Tensors

/// A backward pass under way.
struct SignalRun<Rules: SignalRules> {
    private let path: SignalPath<Rules>
    private let context: KernelContext
    private var waiting: WaitingSignals<BlockedMaps>

    init(from layer: Layer, seed: BlockedMaps, trace: ForwardTrace, rules: Rules, context: KernelContext) {
        self.context = context
        path = SignalPath(from: layer, trace: trace, rules: rules)
        waiting = WaitingSignals(seed, at: layer.index, layers: trace.network.layers.count)
    }

    /// Takes the signal at a layer's output, if there is one, to what the layer reads.
    mutating func cross(_ index: Int) throws(NetworksError) {
        let context = context
        guard let (signal, isRectified) = waiting.take(index) else { return }
        try context.check()
        let layer = path.trace.network.layers[index]
        let crossed = isRectified ? signal : path.crossActivation(of: layer, signal, context)
        let made = path.cross(layer, crossed, context)
        for (source, part) in zip(layer.inputs, made.signals) {
            waiting.deliver(part, to: source, rectified: made.rectified) { Elementwise.add($0, $1, context) }
        }
    }

    /// What has arrived at the network's input.
    func arrived() -> BlockedMaps { waiting.arrived() }
}
