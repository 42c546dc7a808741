internal import Kernels
internal import Tensors

/// A forward pass under way: the values made so far, and the buffers of concatenations that are being filled.
struct LayerRun {
    let images: Int
    /// The feature maps to remove from each image, by layer.
    var removals: [Int: [[Int]]] = [:]

    private let network: Network
    private let keeping: Keeping
    /// How to compute: with other threads in each turn.
    var context: KernelContext
    private var values: [BlockedMaps?]
    private var switches: [Switches?]
    /// The maps of concatenations that their inputs write into.
    private var joints: [BlockedMaps?]
    /// Which layers have written into their place in a concatenation.
    private var placed: [Bool]
    private let input: PassInput?
    private var trace: ForwardTrace?

    /// A pass that has computed nothing yet; without an input it must resume one.
    init(_ network: Network, _ input: PassInput?, images: Int, keeping: Keeping, context: KernelContext) {
        let count = network.layers.count
        (self.network, self.input, self.images) = (network, input, images)
        (self.keeping, self.context) = (keeping, context)
        values = Array(repeating: nil, count: count)
        switches = Array(repeating: nil, count: count)
        joints = Array(repeating: nil, count: count)
        placed = Array(repeating: false, count: count)
    }

    /// Hands in the trace whose values stand for all layers that are not computed, but for some with values of their own.
    mutating func resume(_ trace: ForwardTrace, with made: [Int: BlockedMaps]) {
        self.trace = trace
        take(made)
    }

    /// Hands in values of some layers, by their index.
    mutating func take(_ made: [Int: BlockedMaps]) {
        for (index, maps) in made { values[index] = maps }
    }

    /// Computes the layer at this index and lets go of what no other layer needs.
    mutating func compute(_ index: Int) throws(NetworksError) {
        try context.check()
        let layer = network.layers[index]
        var maps = try activation(of: layer, into: removals[index] == nil ? place(of: index) : nil)
        if let removed = removals[index] {
            maps = maps.removing(removed, context)
            if let place = place(of: index) { Elementwise.copy(maps, into: place, context) }
        }
        finish(index, maps)
    }

    /// Computes one of several parts of a dense layer's outputs; they come in order.
    mutating func compute(_ index: Int, part: Int, of parts: Int) throws(NetworksError) {
        let layer = network.layers[index]
        guard parts > 1, let dense = layer.operation as? DenseLayer else { return try compute(index) }
        try context.check()
        let maps =
            values[index] ?? place(of: index)
            ?? BlockedMaps(
                images: images, channels: layer.featureMaps, height: 1, width: 1, from: context.buffers)
        dense.forward(read(layer)[0], activation: layer.activation, part: part, of: parts, into: maps, context)
        values[index] = maps
        if part == parts - 1 { finish(index, maps) }
    }

    private mutating func finish(_ index: Int, _ maps: BlockedMaps) {
        placed[index] = network.plan.slots[index] != nil
        values[index] = maps
        joints[index] = nil
        for done in network.plan.lastReadBy[index] where !keeps(done) { values[done] = nil }
    }

    /// The logits and what is kept.
    ///
    /// Throws `notFinite` if a logit is not a number that can be ranked.
    mutating func finish() throws(NetworksError) -> ForwardTrace {
        let logits = value(network.plan.output).rows()
        for position in 0..<logits.count where !logits[flat: position].isFinite {
            throw .notFinite(layer: network.outputLayer.name)
        }
        let kept = network.layers.indices.map { keeps($0) ? value($0) : nil }
        if keeping == .trace, let trace {
            for index in switches.indices where switches[index] == nil {
                switches[index] = trace.switches[index].map { $0.spread(over: images) }
            }
        }
        return ForwardTrace(
            network: network, images: images, input: keeping == .trace ? input?.tensor ?? trace?.input : nil,
            logits: logits, activations: kept, switches: switches, keepsAll: keeping == .trace)
    }

    /// What there is of a pass that keeps its trace, after so many layers.
    mutating func stop(after computed: Int) -> ForwardTrace {
        precondition(keeping == .trace, "a pass through some layers that keeps nothing of them")
        for index in switches.indices where switches[index] == nil { switches[index] = trace?.switches[index] }
        return ForwardTrace(
            network: network, images: images, input: input?.tensor ?? trace?.input, upTo: computed,
            activations: network.layers.indices.map { $0 < computed ? value($0) : nil }, switches: switches)
    }

    private func keeps(_ index: Int) -> Bool {
        switch keeping {
        case .logits: false
        case .layers(let kept): kept.contains(index)
        case .trace: true
        }
    }

    /// The view that the layer should write into, if it has a place in a concatenation.
    private mutating func place(of index: Int) -> BlockedMaps? {
        guard let slot = network.plan.slots[index] else { return nil }
        return joint(slot.concat).view(channels: slot.channels)
    }

    /// The maps of a concatenation, which may be a place in another.
    ///
    /// Where maps of it are to be removed it stands apart: its inputs keep what they have written.
    private mutating func joint(_ index: Int) -> BlockedMaps {
        if let joint = joints[index] { return joint }
        let layer = network.layers[index]
        let joint =
            (removals[index] == nil ? place(of: index) : nil)
            ?? BlockedMaps(
                images: images, channels: layer.featureMaps, height: layer.height, width: layer.width,
                from: context.buffers)
        joints[index] = joint
        return joint
    }

    private mutating func activation(
        of layer: Layer, into destination: BlockedMaps?
    ) throws(NetworksError) -> BlockedMaps {
        if let concat = layer.operation as? ConcatLayer, concat.isAligned { return joined(layer, concat) }
        if let convolution = layer.operation as? ConvolutionLayer, layer.isConvolutionOfInput,
            let pixels = input?.pixels
        {
            return convolution.forward(pixels, activation: layer.activation, into: destination, context)
        }
        let inputs = read(layer)
        if keeping == .trace, let pooling = layer.operation as? MaxPoolingLayer {
            do {
                let made = try pooling.forwardWithSwitches(inputs[0], into: destination, context)
                switches[layer.index] = made.switches
                return made.maps
            } catch {
                throw .notFinite(layer: layer.name)
            }
        }
        return layer.operation.forward(inputs, activation: layer.activation, into: destination, context)
    }

    /// A concatenation of whole blocks: what its inputs have not written themselves is copied.
    private mutating func joined(_ layer: Layer, _ concat: ConcatLayer) -> BlockedMaps {
        let joint = joint(layer.index)
        for (source, channels) in zip(layer.inputs, concat.ranges) {
            if case .layer(let index) = source, placed[index],
                network.plan.slots[index] == PassPlan.Slot(concat: layer.index, channels: channels)
            {
                continue
            }
            Elementwise.copy(read(source), into: joint.view(channels: channels), context)
        }
        return joint
    }

    private mutating func read(_ layer: Layer) -> [BlockedMaps] {
        var maps: [BlockedMaps] = []
        maps.reserveCapacity(layer.inputs.count)
        for source in layer.inputs { maps.append(read(source)) }
        return maps
    }

    private mutating func read(_ source: LayerInput) -> BlockedMaps {
        switch source {
        case .layer(let index): value(index)
        case .input: inputMaps()
        }
    }

    /// The activation of a layer before, from the trace if it was not computed.
    mutating func value(_ index: Int) -> BlockedMaps {
        if let value = values[index] { return value }
        guard let trace else { preconditionFailure("layer \(index) is read before it is computed or after it is gone") }
        let value = trace.activation(network.layers[index]).spread(over: images)
        values[index] = value
        return value
    }

    /// The input in blocks of channels, from the trace if the pass is resumed.
    private func inputMaps() -> BlockedMaps {
        if let blocked = input?.blocked { return blocked }
        guard let tensor = trace?.input else { preconditionFailure("a pass without an input") }
        return BlockedMaps(tensor, buffers: context.buffers).spread(over: images)
    }
}

extension BlockedMaps {
    /// A copy with the feature maps `featureMaps[i]` of image i set to exactly 0.
    ///
    /// These maps may be of one image: then every list has its own copy of it.
    func removing(_ featureMaps: [[Int]], _ context: KernelContext) -> BlockedMaps {
        let result = BlockedMaps(
            images: featureMaps.count, channels: channels, height: height, width: width, from: context.buffers)
        for (index, removed) in featureMaps.enumerated() {
            let image = images == 1 ? 0 : index
            let one = view(images: image..<image + 1)
            Elementwise.copy(
                removed.isEmpty ? one : one.zeroing(channels: removed), into: result.view(images: index..<index + 1),
                context)
        }
        return result
    }
}
