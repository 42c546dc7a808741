internal import Concurrency
public import Kernels
public import Tensors

/// Sends signals from a layer back to the network's input.
public enum BackwardPass {
    /// What arrives at the input: [n, C, H, W], signed, in the network's units.
    ///
    /// The seed stands at the layer's activation: [n, C, H, W] for its maps, [n, O, 1, 1] for a dense layer. The first
    /// thing it crosses is that layer's own activation function. Signals that meet at a fan-out are summed, the later
    /// reader's first, before they cross anything; nothing happens to what leaves the last layer. The trace is of one
    /// image, which all seeds share, or of n.
    ///
    /// Preconditions: the trace reaches the layer, and the seed has the layer's shape. Throws `activationRefused` before
    /// anything is computed.
    public static func project(
        from layer: Layer, seed: BlockedMaps, trace: ForwardTrace, rules: some SignalRules, context: KernelContext
    ) throws(NetworksError) -> Tensor {
        precondition(trace.reaches(layer), "a signal can only go back through what a trace has kept")
        precondition(
            trace.images == 1 || trace.images == seed.images,
            "\(seed.images) seeds for a trace of \(trace.images) images")
        precondition(
            [seed.channels, seed.height, seed.width] == [layer.featureMaps, layer.height, layer.width],
            "a seed of [\(seed.channels), \(seed.height), \(seed.width)] at '\(layer.name)'")
        try check(from: layer, in: trace.network, rules: rules)
        let network = trace.network
        let split = BatchSplit(images: seed.images, threads: context.team.threads, most: network.plan.imagesAtOnce)
        let made = try split.map(context) { (range, context) throws(NetworksError) in
            let own = trace.images == 1 ? trace : trace.images(range)
            var run = SignalRun(
                from: layer, seed: seed.view(images: range), trace: own, rules: rules, context: context)
            for index in stride(from: layer.index, through: 0, by: -1) { try run.cross(index) }
            let arrived = run.arrived()
            return range.indices.map { arrived.tensor(image: $0 - range.lowerBound) }
        }
        return Tensor.stacked(Array(made.joined()))
    }

    /// Throws `activationRefused` if the rules refuse an activation between this layer's output and the input.
    public static func check(
        from layer: Layer, in network: Network, rules: some SignalRules
    ) throws(NetworksError) {
        let crossed = network.plan.ancestors(of: layer.index)
        for layer in network.layers.reversed() where crossed[layer.index] && layer.activation != .identity {
            if rules.rule(at: layer.activation) == .refuse {
                throw .activationRefused(layer: layer.name, activation: layer.activation.title)
            }
        }
    }
}
