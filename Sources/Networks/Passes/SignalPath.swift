internal import Kernels

/// The way of signals from a layer to the network's input: how each layer is crossed, by an explanation method's rules.
struct SignalPath<Rules: SignalRules>: Sendable {
    let trace: ForwardTrace
    let rules: Rules
    /// How many signals each layer will get.
    private let expected: [Int]
    /// How many signals the input will get.
    private let expectedAtInput: Int

    init(from layer: Layer, trace: ForwardTrace, rules: Rules) {
        (self.trace, self.rules) = (trace, rules)
        let crossed = trace.network.plan.ancestors(of: layer.index)
        expected = trace.network.plan.readers.map { readers in readers.filter { crossed[$0] }.count }
        expectedAtInput = trace.network.layers.reduce(0) { count, layer in
            crossed[layer.index] ? count + layer.inputs.count { $0 == .input } : count
        }
    }

    /// The signal before a layer's activation function from the one behind it.
    func crossActivation(of layer: Layer, _ signal: BlockedMaps, _ context: KernelContext) -> BlockedMaps {
        guard layer.activation != .identity else { return signal }
        switch rules.rule(at: layer.activation) {
        case .rectify: return Elementwise.rectify(signal, context)
        case .derivative: return derivative(of: layer, signal, context)
        case .guided: return derivative(of: layer, Elementwise.rectify(signal, context), context)
        case .identity: return signal
        case .refuse: preconditionFailure("the rules refuse '\(layer.name)'")
        }
    }

    /// The signals at what a layer reads, for one whose activation function has been crossed, and whether they are
    /// rectified.
    func cross(
        _ layer: Layer, _ signal: BlockedMaps, _ context: KernelContext
    ) -> (signals: [BlockedMaps], rectified: Bool) {
        let rectified = rectifies(layer)
        let crossing = LayerCrossing(
            inputs: needsInputs(layer) ? inputs(of: layer, context) : [],
            switches: switches(of: layer, images: signal.images), overlap: rules.overlap,
            normalization: rules.normalization, rectified: rectified)
        return (layer.operation.adjoint(signal, crossing, context), rectified)
    }

    /// Whether the layer's adjoint is to rectify what it makes: it can, and that is all that will happen to it next.
    func rectifies(_ layer: Layer) -> Bool {
        layer.operation.rectifiesItsSignal && layer.inputs.allSatisfy(isRectifiedNext)
    }

    /// Whether the layer reads the input, and nothing else does that the signal reaches.
    func isAloneAtInput(_ layer: Layer) -> Bool { layer.inputs == [.input] && expectedAtInput == 1 }

    /// The layer's switches for each of so many signals, if it is a max pooling.
    func switches(of layer: Layer, images: Int) -> Switches? { trace.switches(of: layer)?.spread(over: images) }

    /// Whether all that will happen to a signal delivered there is that it is rectified.
    private func isRectifiedNext(_ source: LayerInput) -> Bool {
        guard case .layer(let index) = source, expected[index] == 1 else { return false }
        let activation = trace.network.layers[index].activation
        return activation != .identity && rules.rule(at: activation) == .rectify
    }

    /// The signal times the derivative at the pre-activation, which a ReLU's output tells and others compute again.
    private func derivative(of layer: Layer, _ signal: BlockedMaps, _ context: KernelContext) -> BlockedMaps {
        let before: BlockedMaps
        if layer.activation == .relu {
            before = trace.activation(layer)
        } else if layer.kind == .activation {
            before = inputs(of: layer, context)[0]
        } else {
            before = layer.operation.forward(inputs(of: layer, context), activation: .identity, into: nil, context)
        }
        return Elementwise.derivative(signal, of: layer.activation, at: before.spread(over: signal.images), context)
    }

    /// Whether the layer's adjoint depends on what it read.
    func needsInputs(_ layer: Layer) -> Bool {
        layer.kind == .localResponseNormalization && rules.normalization == .gradient
    }

    private func inputs(of layer: Layer, _ context: KernelContext) -> [BlockedMaps] {
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
