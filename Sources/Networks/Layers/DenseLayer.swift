internal import Kernels
internal import Tensors

/// A dense layer, and the activation behind it in the same step.
struct DenseLayer: LayerOperation {
    let kind = LayerKind.dense
    let shape: Shape
    let multiplyAdds: Int
    let reach = LayerReach.everything
    let writesIntoViews = true
    let rectifiesItsSignal = true
    let mixing = ChannelMixing.sum
    let weightBytes: Int
    private let weights: InnerProductWeights

    /// Weights are [O, I], I being the elements of the input in row-major order; the result is [O].
    init(_ site: LayerSite, weights: Tensor, bias: Tensor?) throws(NetworksError) {
        let input = site.input
        guard weights.shape.rank == 2, weights.count > 0, weights.shape[1] == input.count else {
            throw site.mismatch(expected: "weights [O, \(input.count)]", actual: "\(weights.shape)")
        }
        let outputs = weights.shape[0]
        guard bias?.count ?? outputs == outputs else {
            throw site.mismatch(expected: "a bias [\(outputs)]", actual: bias.map { "\($0.shape)" } ?? "none")
        }
        shape = try site.shape([outputs])
        multiplyAdds = weights.count
        self.weights = InnerProductWeights(
            weights: weights, bias: bias?.reshaped(to: Shape([outputs])), channels: input[0],
            height: input.rank == 3 ? input[1] : 1, width: input.rank == 3 ? input[2] : 1)
        weightBytes = self.weights.byteCount
    }

    func forward(
        _ inputs: [BlockedMaps], activation: Activation, into destination: BlockedMaps?, _ context: KernelContext
    ) -> BlockedMaps {
        InnerProduct.forward(inputs[0], weights, activation: activation, into: destination, context)
    }

    /// The parts that its outputs can be computed in one after the other.
    func mostParts(activation: Activation) -> Int { activation.isFused ? weights.mostParts : 1 }

    /// One of several parts of its outputs; `destination` has room for all.
    func forward(
        _ input: BlockedMaps, activation: Activation, part: Int, of parts: Int, into destination: BlockedMaps,
        _ context: KernelContext
    ) {
        InnerProduct.forward(input, weights, activation: activation, part: part, of: parts, into: destination, context)
    }

    func forward(_ input: ReplacedBlocks, activation: Activation, _ context: KernelContext) -> BlockedMaps {
        InnerProduct.forward(input, weights, activation: activation, context)
    }

    func adjoint(_ signal: BlockedMaps, _ crossing: LayerCrossing, _ context: KernelContext) -> [BlockedMaps] {
        [InnerProduct.adjoint(signal, weights, rectified: crossing.rectified, context)]
    }
}
