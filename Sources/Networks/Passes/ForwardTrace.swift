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
    /// The logits, before any softmax: [N, classes].
    public let logits: Tensor
    /// The softmax of the logits: [N, classes].
    public let probabilities: Tensor
    /// Whether all activations and switches were kept.
    package let isWhole: Bool
    /// The network's input, in a whole trace: a resumed pass or a derivative may need it again.
    let input: Tensor?
    let switches: [Switches?]
    private let activations: [BlockedMaps?]

    init(
        network: Network, images: Int, input: Tensor?, logits: Tensor, activations: [BlockedMaps?],
        switches: [Switches?], isWhole: Bool
    ) {
        self.network = network
        self.images = images
        self.input = input
        self.logits = logits
        probabilities = Softmax.forward(logits)
        self.activations = activations
        self.switches = switches
        self.isWhole = isWhole
    }

    private init(_ whole: ForwardTrace, image: Int) {
        let range = image..<image + 1
        network = whole.network
        images = 1
        logits = Tensor.stacked([whole.logits.slice(image)])
        probabilities = Tensor.stacked([whole.probabilities.slice(image)])
        isWhole = whole.isWhole
        input = whole.input.map { $0.shape.rank == 3 || $0.shape[0] == 1 ? $0 : $0.slice(image) }
        activations = whole.activations.map { $0?.view(images: range) }
        switches = whole.switches.map { $0?.view(images: range) }
    }

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
        return images == 1 ? self : ForwardTrace(self, image: index)
    }
}
