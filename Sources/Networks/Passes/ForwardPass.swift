internal import Concurrency
public import Kernels
public import Tensors

/// What of a forward pass to keep besides the logits.
public enum Keeping: Hashable, Sendable {
    /// Nothing: buffers go back as soon as no layer needs them.
    case logits
    /// The activations of the layers with these indices.
    case layers(Set<Int>)
    /// All activations and switches: what a backward pass and `resume` need.
    case trace
}

/// Feature maps to set to exactly 0 after a layer's activation, for each image of a batch its own.
public struct FeatureMapRemoval: Hashable, Sendable {
    /// The index of the layer.
    package let layer: Int
    /// The feature maps to remove, one list an image.
    package let featureMaps: [[Int]]

    /// Removes from image i the maps `featureMaps[i]`; none for an empty list.
    ///
    /// Precondition: the layer has all these maps.
    public init(layer: Layer, featureMaps: [[Int]]) {
        for map in featureMaps.joined() {
            precondition(map >= 0 && map < layer.featureMaps, "feature map \(map) of '\(layer.name)'")
        }
        self.layer = layer.index
        self.featureMaps = featureMaps
    }

    /// Removes all maps of the layer from each of so many images.
    public init(layer: Layer, fromAll images: Int) {
        self.init(layer: layer, featureMaps: Array(repeating: Array(0..<layer.featureMaps), count: images))
    }
}

/// Runs a network on images, layer by layer.
///
/// Every image's numbers are the same bits for any batch, number of threads and instruction set. Activations come from
/// the context's buffers and go back to them, so that repeated passes allocate nothing.
public enum ForwardPass {
    /// The logits and probabilities of the images, and what else is to be kept.
    ///
    /// The input is [N, C, H, W] or [C, H, W], preprocessed. With `removing`, maps of some layers are 0 for all that reads
    /// them. Throws `inputShape` for any other input, and `notFinite` where a pooling that keeps its switches meets a NaN
    /// or a logit is not finite.
    public static func run(
        _ network: Network, _ input: Tensor, keeping: Keeping = .logits, removing: [FeatureMapRemoval] = [],
        context: KernelContext
    ) throws(NetworksError) -> ForwardTrace {
        let shape = input.shape.dimensions
        guard shape.suffix(3) == network.inputShape.dimensions[...],
            shape.count == 3 || (shape.count == 4 && shape[0] > 0)
        else {
            throw .inputShape(expected: network.inputShape, actual: input.shape)
        }
        let images = shape.count == 3 ? 1 : shape[0]
        for removal in removing {
            let count = removal.featureMaps.count
            precondition(count == images, "removals for \(count) of \(images) images")
        }
        let pictures = PassInput(input, for: network, context)
        return try split(images, network, keeping, context) { (range, context) throws(NetworksError) in
            var run = LayerRun(
                network, pictures.view(images: range), images: range.count, keeping: keeping, context: context)
            for removal in removing { run.removals[removal.layer] = Array(removal.featureMaps[range]) }
            for index in network.layers.indices { try run.compute(index) }
            return try run.finish()
        }
    }

    /// The pass over one image as far as a layer, or through the whole network, with all activations and switches.
    ///
    /// What lies behind the layer is not computed, nor looked at: there are no logits. A trace of the same input that was
    /// kept is gone on from, where it ends. The numbers are those of a whole pass. The input is [C, H, W], preprocessed.
    /// Throws like `run`, of the layers computed.
    public static func trace(
        _ network: Network, _ input: Tensor, upTo layer: Layer? = nil, from begun: ForwardTrace? = nil,
        context: KernelContext
    ) throws(NetworksError) -> ForwardTrace {
        guard input.shape == network.inputShape else {
            throw .inputShape(expected: network.inputShape, actual: input.shape)
        }
        if let begun { precondition(begun.keepsAll && begun.images == 1, "a pass goes on from one image's trace") }
        let pictures = begun == nil ? PassInput(input, for: network, context) : nil
        var run = LayerRun(network, pictures, images: 1, keeping: .trace, context: context)
        if let begun { run.resume(begun, with: [:]) }
        let (first, end) = (begun?.computed ?? 0, layer.map { $0.index + 1 } ?? network.layers.count)
        if first < end { for index in first..<end { try run.compute(index) } }
        return layer == nil ? try run.finish() : run.stop(after: max(first, end))
    }

    /// The rest of a pass over one image of which a trace was kept: all that ``run(_:_:keeping:removing:context:)`` gives.
    ///
    /// Throws what that does.
    public static func finish(
        _ begun: ForwardTrace, keeping: Keeping = .logits, context: KernelContext
    ) throws(NetworksError) -> ForwardTrace {
        precondition(begun.keepsAll && begun.images == 1, "a pass goes on from one image's trace")
        if begun.isWhole { return begun }
        var run = LayerRun(begun.network, nil, images: 1, keeping: keeping, context: context)
        run.resume(begun, with: [:])
        for index in begun.computed..<begun.network.layers.count { try run.compute(index) }
        return try run.finish()
    }

    /// The pass of a trace again from behind one layer, as if that layer's activation had been `activation`.
    ///
    /// Only layers that depend on it are computed. The activation may have any number of images if the trace has one,
    /// else as many as the trace. Precondition: the trace was kept whole. Throws `notFinite` like `run`.
    public static func resume(
        _ trace: ForwardTrace, after layer: Layer, with activation: BlockedMaps, keeping: Keeping = .logits,
        context: KernelContext
    ) throws(NetworksError) -> ForwardTrace {
        precondition(trace.isWhole, "a pass can only be resumed from a whole trace")
        precondition(
            trace.images == 1 || trace.images == activation.images,
            "\(activation.images) activations for a trace of \(trace.images) images")
        precondition(
            [activation.channels, activation.height, activation.width] == [
                layer.featureMaps, layer.height, layer.width,
            ],
            "maps [\(activation.channels), \(activation.height), \(activation.width)] for '\(layer.name)'")
        return try split(activation.images, trace.network, keeping, context) { (range, context) throws(NetworksError) in
            let own = trace.images == 1 ? trace : trace.images(range)
            return try again(own, after: layer, with: activation.view(images: range), keeping, context)
        }
    }

    /// Image 0 of a trace once for each list of feature maps, with these maps of the layer set to exactly 0.
    ///
    /// Only layers behind it are computed; the numbers are those of a whole pass with a ``FeatureMapRemoval``.
    /// Preconditions: the trace was kept whole; the layer has all these maps. Throws `notFinite` like `run`.
    public static func resume(
        _ trace: ForwardTrace, removing featureMaps: [[Int]], of layer: Layer, keeping: Keeping = .logits,
        context: KernelContext
    ) throws(NetworksError) -> ForwardTrace {
        if keeping == .logits {
            var run = RemovalRun(trace, removing: featureMaps, of: layer)
            for turn in 0..<run.turns { try run.compute(turn, context) }
            return run.outputs(context)
        }
        precondition(!featureMaps.isEmpty, "nothing to compute: no lists of feature maps")
        let removal = FeatureMapRemoval(layer: layer, featureMaps: featureMaps)
        precondition(trace.isWhole, "a pass can only be resumed from a whole trace")
        let one = trace.image(0)
        let activation = one.activation(layer)
        return try split(featureMaps.count, trace.network, keeping, context) { (range, context) throws(NetworksError) in
            let ablated = activation.removing(Array(removal.featureMaps[range]), context)
            return try again(one, after: layer, with: ablated, keeping, context)
        }
    }

    /// All that depends on a layer, computed again by the context's threads together.
    private static func again(
        _ trace: ForwardTrace, after layer: Layer, with activation: BlockedMaps, _ keeping: Keeping,
        _ context: KernelContext
    ) throws(NetworksError) -> ForwardTrace {
        let network = trace.network
        var run = LayerRun(network, nil, images: activation.images, keeping: keeping, context: context)
        run.resume(trace, with: [layer.index: activation])
        let depends = network.plan.descendants(of: layer.index)
        for index in network.layers.indices where depends[index] { try run.compute(index) }
        return try run.finish()
    }

    /// The trace that `body` makes of all images, a few on each thread at a time; of all together where everything of
    /// them is kept.
    private static func split(
        _ images: Int, _ network: Network, _ keeping: Keeping, _ context: KernelContext,
        _ body: @Sendable (Range<Int>, KernelContext) throws(NetworksError) -> ForwardTrace
    ) throws(NetworksError) -> ForwardTrace {
        if images == 1 || keeping == .trace { return try body(0..<images, context) }
        let split = BatchSplit(images: images, threads: context.team.threads, most: network.plan.imagesAtOnce)
        return ForwardTrace(joining: try split.map(context, body), keeping, context)
    }
}
