internal import Kernels
internal import Tensors

/// A backward pass under way: the signals that wait at the layers' outputs.
struct SignalRun<Rules: SignalRules> {
    private let path: SignalPath<Rules>
    private let context: KernelContext
    private var signals: [BlockedMaps?]
    private var inputSignal: BlockedMaps?
    /// Signals that were rectified by the kernel that made them.
    private var isRectified: [Bool]

    init(from layer: Layer, seed: BlockedMaps, trace: ForwardTrace, rules: Rules, context: KernelContext) {
        self.context = context
        path = SignalPath(from: layer, trace: trace, rules: rules)
        let count = trace.network.layers.count
        isRectified = Array(repeating: false, count: count)
        signals = Array(repeating: nil, count: count)
        signals[layer.index] = seed
    }

    /// Takes the signal at a layer's output, if there is one, to what the layer reads.
    mutating func cross(_ index: Int) throws(NetworksError) {
        guard let waiting = signals[index] else { return }
        try context.check()
        signals[index] = nil
        let layer = path.trace.network.layers[index]
        let signal = isRectified[index] ? waiting : path.crossActivation(of: layer, waiting, context)
        let made = path.cross(layer, signal, context)
        for (source, part) in zip(layer.inputs, made.signals) { deliver(part, to: source, rectified: made.rectified) }
    }

    /// What has arrived at the network's input.
    func arrived() -> BlockedMaps {
        guard let inputSignal else { preconditionFailure("no layer between the seed and the input reads the input") }
        return inputSignal
    }

    private mutating func deliver(_ signal: BlockedMaps, to source: LayerInput, rectified: Bool) {
        switch source {
        case .input: inputSignal = inputSignal.map { Elementwise.add($0, signal, context) } ?? signal
        case .layer(let index):
            signals[index] = signals[index].map { Elementwise.add($0, signal, context) } ?? signal
            isRectified[index] = rectified
        }
    }
}
