internal import Kernels
internal import Tensors

/// A backward pass under way: the signals that wait at the layers' outputs.
struct SignalRun<Rules: SignalRules> {
    private let trace: ForwardTrace
    private let rules: Rules
    private let context: KernelContext
    private let images: Int
    private var signals: [BlockedMaps?]
    private var inputSignal: BlockedMaps?
    /// How many signals each layer will get.
    private let expected: [Int]
    /// Signals that were rectified by the kernel that made them.
    private var isRectified: [Bool]

    init(from layer: Layer, seed: BlockedMaps, trace: ForwardTrace, rules: Rules, context: KernelContext) {
        (self.trace, self.rules, self.context, images) = (trace, rules, context, seed.images)
        let network = trace.network
        let crossed = network.plan.ancestors(of: layer.index)
        expected = network.plan.readers.map { readers in readers.filter { crossed[$0] }.count }
        isRectified = Array(repeating: false, count: network.layers.count)
        signals = Array(repeating: nil, count: network.layers.count)
        signals[layer.index] = seed
    }

    /// Takes the signal at a layer's output, if there is one, to what the layer reads.
    mutating func cross(_ index: Int) {
        guard let waiting = signals[index] else { return }
        signals[index] = nil
        let layer = trace.network.layers[index]
        let signal = isRectified[index] ? waiting : crossActivation(of: layer, waiting)
        let rectified = layer.operation.rectifiesItsSignal && layer.inputs.allSatisfy(isRectifiedNext)
        let crossing = LayerCrossing(
            inputs: needsInputs(layer) ? inputs(of: layer) : [],
            switches: trace.switches(of: layer)?.spread(over: images),
            overlap: rules.overlap, normalization: rules.normalization, rectified: rectified)
        let made = layer.operation.adjoint(signal, crossing, context)
        for (source, part) in zip(layer.inputs, made) { deliver(part, to: source, rectified: rectified) }
    }

    /// What has arrived at the network's input.
    func arrived() -> BlockedMaps {
        guard let inputSignal else { preconditionFailure("no layer between the seed and the input reads the input") }
        return inputSignal
    }

    /// Whether all that will happen to a signal delivered there is that it is rectified.
    private func isRectifiedNext(_ source: LayerInput) -> Bool {
        guard case .layer(let index) = source, expected[index] == 1 else { return false }
        let activation = trace.network.layers[index].activation
        return activation != .identity && rules.rule(at: activation) == .rectify
    }

    private mutating func deliver(_ signal: BlockedMaps, to source: LayerInput, rectified: Bool) {
        switch source {
        case .input: inputSignal = inputSignal.map { Elementwise.add($0, signal, context) } ?? signal
        case .layer(let index):
            signals[index] = signals[index].map { Elementwise.add($0, signal, context) } ?? signal
            isRectified[index] = rectified
        }
    }

    private func crossActivation(of layer: Layer, _ signal: BlockedMaps) -> BlockedMaps {
        guard layer.activation != .identity else { return signal }
        switch rules.rule(at: layer.activation) {
        case .rectify: return Elementwise.rectify(signal, context)
        case .derivative: return derivative(of: layer, signal)
        case .guided: return derivative(of: layer, Elementwise.rectify(signal, context))
        case .identity: return signal
        case .refuse: preconditionFailure("the rules refuse '\(layer.name)'")
        }
    }

    /// The signal times the derivative at the pre-activation, which a ReLU's output tells and others compute again.
    private func derivative(of layer: Layer, _ signal: BlockedMaps) -> BlockedMaps {
        let before: BlockedMaps
        if layer.activation == .relu {
            before = trace.activation(layer)
        } else if layer.kind == .activation {
            before = inputs(of: layer)[0]
        } else {
            before = layer.operation.forward(inputs(of: layer), activation: .identity, into: nil, context)
        }
        return Elementwise.derivative(signal, of: layer.activation, at: before.spread(over: images), context)
    }

    private func needsInputs(_ layer: Layer) -> Bool {
        layer.kind == .localResponseNormalization && rules.normalization == .gradient
    }

    private func inputs(of layer: Layer) -> [BlockedMaps] {
        layer.inputs.map { source in
            switch source {
            case .layer(let index): return trace.activation(trace.network.layers[index])
            case .input:
                guard let input = trace.input else { preconditionFailure("a whole trace without its input") }
                return BlockedMaps(input, buffers: context.buffers)
            }
        }
    }
}

extension Switches {
    /// These switches if they are those of so many images; those of one image for each of them, without a copy.
    func spread(over images: Int) -> Switches {
        self.images == images ? self : repeated(images: images)
    }
}
