public import Kernels
public import Tensors

/// What one forward pass has found: logits and probabilities, and the activations and switches that it kept.
///
/// It never changes, and may be shared by everything that explains the same images.
public struct ForwardTrace: Sendable {
    /// The network that was run.
    public let network: Network
    /// How many images went through it.
    public let images: Int
    /// How many layers were computed, from the first on.
    let computed: Int
    /// Whether all activations and switches of the layers computed were kept.
    let keepsAll: Bool
    /// The network's input, in a whole trace: a resumed pass or a derivative may need it again.
    let input: Tensor?
    let switches: [Switches?]
    private let activations: [BlockedMaps?]
    private let outputs: Outputs?

    /// What the network says.
    private struct Outputs: Sendable {
        let logits: Tensor
        let probabilities: Tensor
    }

    /// A pass through the whole network.
    init(
        network: Network, images: Int, input: Tensor?, logits: Tensor, activations: [BlockedMaps?],
        switches: [Switches?], keepsAll: Bool
    ) {
        (self.network, self.images, self.input) = (network, images, input)
        (self.activations, self.switches, self.keepsAll) = (activations, switches, keepsAll)
        computed = network.layers.count
        outputs = Outputs(logits: logits, probabilities: Softmax.forward(logits))
    }

    /// A pass through the first layers of a network, of which all was kept.
    init(
        network: Network, images: Int, input: Tensor?, upTo computed: Int, activations: [BlockedMaps?],
        switches: [Switches?]
    ) {
        (self.network, self.images, self.input) = (network, images, input)
        (self.activations, self.switches, keepsAll) = (activations, switches, true)
        self.computed = computed
        outputs = nil
    }

    /// The trace of a batch from those of its parts, in order.
    ///
    /// Switches are not joined.
    init(joining parts: [ForwardTrace], _ keeping: Keeping, _ context: KernelContext) {
        precondition(!parts.isEmpty && keeping != .trace, "\(parts.count) parts of a batch, \(keeping)")
        network = parts[0].network
        images = parts.reduce(0) { $0 + $1.images }
        outputs = Outputs(
            logits: Tensor.stacked(parts.flatMap { part in (0..<part.images).map { part.logits.slice($0) } }),
            probabilities: Tensor.stacked(
                parts.flatMap { part in (0..<part.images).map { part.probabilities.slice($0) } }))
        computed = network.layers.count
        keepsAll = false
        input = nil
        switches = parts[0].switches
        activations = parts[0].activations.indices.map { index in
            BlockedMaps.joined(parts.compactMap { $0.activations[index] }, context)
        }
    }

    private init(_ whole: ForwardTrace, range: Range<Int>) {
        network = whole.network
        images = range.count
        outputs = whole.outputs.map { outputs in
            Outputs(
                logits: Tensor.stacked(range.map { outputs.logits.slice($0) }),
                probabilities: Tensor.stacked(range.map { outputs.probabilities.slice($0) }))
        }
        (computed, keepsAll) = (whole.computed, whole.keepsAll)
        input = whole.input.map { input in
            input.shape.rank == 3 || input.shape[0] == 1 ? input : Tensor.stacked(range.map { input.slice($0) })
        }
        activations = whole.activations.map { $0?.view(images: range) }
        switches = whole.switches.map { $0?.view(images: range) }
    }

    /// The logits, before any softmax: [N, classes].
    ///
    /// Precondition: the pass went through the whole network.
    public var logits: Tensor { said.logits }
    /// The softmax of the logits: [N, classes].
    ///
    /// Precondition: the pass went through the whole network.
    public var probabilities: Tensor { said.probabilities }

    private var said: Outputs {
        guard let outputs else { preconditionFailure("a pass through \(computed) layers has no logits") }
        return outputs
    }

    /// Whether the pass went through the whole network, and all activations and switches were kept.
    package var isWhole: Bool { keepsAll && outputs != nil }

    /// Whether the activations and switches of this layer and of all that it depends on were kept.
    package func reaches(_ layer: Layer) -> Bool { keepsAll && layer.index < computed }

    /// Whether the layer's activation was kept.
    public func keeps(_ layer: Layer) -> Bool { activations[layer.index] != nil }

    /// The layer's activation: [N, C, H, W], a dense layer's [N, O, 1, 1].
    ///
    /// Precondition: it was kept.
    public func activation(_ layer: Layer) -> BlockedMaps {
        guard let maps = activations[layer.index] else {
            preconditionFailure("the activation of '\(layer.name)' was not kept")
        }
        return maps
    }

    /// The layer's switches: where each window had its maximum.
    ///
    /// Nil unless it is a max pooling in a whole trace.
    public func switches(of layer: Layer) -> Switches? { switches[layer.index] }

    /// The trace of one image of the batch, without a copy of its maps.
    public func image(_ index: Int) -> ForwardTrace {
        precondition(index >= 0 && index < images, "image \(index) of \(images)")
        return images(index..<index + 1)
    }

    /// The trace of some images of the batch, without a copy of their maps.
    func images(_ range: Range<Int>) -> ForwardTrace {
        range == 0..<images ? self : ForwardTrace(self, range: range)
    }
}

extension BlockedMaps {
    /// The images of several maps of one shape, one after the other; nil of none.
    static func joined(_ parts: [BlockedMaps], _ context: KernelContext) -> BlockedMaps? {
        guard let first = parts.first, parts.count > 1 else { return parts.first }
        let images = parts.reduce(0) { $0 + $1.images }
        let result = BlockedMaps(
            images: images, channels: first.channels, height: first.height, width: first.width, from: context.buffers)
        var start = 0
        for part in parts {
            Elementwise.copy(part, into: result.view(images: start..<start + part.images), context)
            start += part.images
        }
        return result
    }
}
