internal import Kernels
internal import Tensors

/// A convolution, and the activation behind it in the same step.
struct ConvolutionLayer: CropOperation {
    let kind = LayerKind.convolution
    let shape: Shape
    let multiplyAdds: Int
    let writesIntoViews = true
    let rectifiesItsSignal = true
    let weightBytes: Int
    private let weights: ConvolutionWeights
    private let input: Shape

    /// Weights are [O, C / groups, kernel height, kernel width]; the result is [O, height, width].
    init(_ site: LayerSite, weights: Tensor, bias: Tensor?, groups: Int, window: Window) throws(NetworksError) {
        input = try site.maps()
        guard weights.shape.rank == 4, weights.count > 0 else {
            throw site.mismatch(expected: "weights [O, I, height, width]", actual: "\(weights.shape)")
        }
        guard groups >= 1, weights.shape[0] % groups == 0 else { throw site.invalid("groups", groups) }
        let channels = weights.shape[1].multipliedReportingOverflow(by: groups)
        guard !channels.overflow, channels.partialValue == input[0] else {
            let expected = "weights for the \(input[0]) channels of the input in \(groups) groups"
            throw site.mismatch(expected: expected, actual: "\(weights.shape)")
        }
        guard weights.shape[2] == window.kernelHeight, weights.shape[3] == window.kernelWidth else {
            let expected = "weights of the window \(window.kernelHeight)×\(window.kernelWidth)"
            throw site.mismatch(expected: expected, actual: "\(weights.shape)")
        }
        guard bias?.count ?? weights.shape[0] == weights.shape[0] else {
            throw site.mismatch(
                expected: "a bias [\(weights.shape[0])]", actual: bias.map { "\($0.shape)" } ?? "none")
        }
        let resolved = try window.resolved(on: input, node: site.node, operation: site.operation)
        shape = try site.shape([weights.shape[0], resolved.height, resolved.width])
        let cost = weights.count.multipliedReportingOverflow(by: resolved.height * resolved.width)
        multiplyAdds = cost.overflow ? Int.max : cost.partialValue
        self.weights = ConvolutionWeights(
            weights: weights, bias: bias?.reshaped(to: Shape([weights.shape[0]])), groups: groups,
            geometry: resolved.geometry)
        weightBytes = self.weights.byteCount
    }

    /// In tiles whole maps take a third of the time, and rectangles of a few tiles not much more than a half.
    var work: Int { weights.isTiled ? multiplyAdds / 2 : multiplyAdds }

    var reach: LayerReach { .window(weights.geometry) }

    func forward(
        _ inputs: [BlockedMaps], activation: Activation, into destination: BlockedMaps?, _ context: KernelContext
    ) -> BlockedMaps {
        Convolution.forward(inputs[0], weights, activation: activation, into: destination, context)
    }

    func forward(_ input: ReplacedBlocks, activation: Activation, _ context: KernelContext) -> BlockedMaps {
        Convolution.forward(input, weights, activation: activation, context)
    }

    /// Whether the means of its maps, as this activation leaves them, can be found without the maps.
    func givesMeans(_ activation: Activation) -> Bool { GlobalAveragePooling.follows(weights, activation) }

    /// The means of its maps, [images, O, 1, 1].
    func means(_ input: ReplacedBlocks, activation: Activation, _ context: KernelContext) -> BlockedMaps {
        GlobalAveragePooling.forward(convolving: input, weights, activation: activation, context)
    }

    /// Tiles are a sum of what chains of several blocks give, before it is transformed back.
    ///
    /// Of those of one chain there is nothing to keep; nor is it worth it where maps are so large that few images are
    /// computed together.
    var mixing: ChannelMixing {
        if weights.groups > 1 { return .other }
        if !weights.isTiled { return .sum }
        let bytes = shape.count.saturatingProduct(MemoryLayout<Float>.size)
        let isLarge = bytes > ConvolutionLayer.mostReplacedBytes
        return weights.inputChannels > weights.channelsSummedTogether && !isLarge ? .sum : .other
    }

    /// Bytes of an image's outputs up to which four and more are computed together.
    private static let mostReplacedBytes = 8 << 20

    var replacement: Replacement {
        Replacement(
            channels: weights.channelsSummedTogether,
            blockBytes: Convolution.replacedBlockBytes(weights, height: shape[1], width: shape[2]))
    }

    /// Tiles leave the padding out.
    var readsPadding: Bool { !weights.isTiled }
    var outputsComputedTogether: Int { weights.isTiled ? ConvolutionWeights.tileSide : 1 }

    /// The same from the network's input with its channels as they are.
    func forward(
        _ input: InputMaps, activation: Activation, into destination: BlockedMaps?, _ context: KernelContext
    ) -> BlockedMaps {
        Convolution.forward(input, weights, activation: activation, into: destination, context)
    }

    /// Whether it can read a network's input with its channels as they are.
    var readsPixels: Bool { weights.groups == 1 }

    func forward(
        _ inputs: [MapCrops], activation: Activation, at rectangles: [MapRectangle], into result: MapCrops,
        _ context: KernelContext
    ) {
        Convolution.forward(
            inputs[0], weights, activation: activation, height: input[1], width: input[2], at: rectangles, into: result,
            context)
    }

    func adjoint(_ signal: BlockedMaps, _ crossing: LayerCrossing, _ context: KernelContext) -> [BlockedMaps] {
        [
            TransposedConvolution.adjoint(
                signal, weights, height: input[1], width: input[2], rectified: crossing.rectified, context)
        ]
    }
}

extension ConvolutionLayer: PartialAdjoint {
    func adjoint(_ signal: PartialSignal, _ crossing: LayerCrossing, _ context: KernelContext) -> [PartialSignal]? {
        guard TransposedConvolution.takesCrops(weights) else { return nil }
        let made = TransposedConvolution.adjoint(
            signal.source, at: signal.rectangles, weights, height: input[1], width: input[2],
            rectified: crossing.rectified, context)
        return [PartialSignal(made.maps, made.rectangles)]
    }

    /// Whether its signals can be spread over few channels.
    var spreadsSignals: Bool { TransposedConvolution.spreads(weights) }

    /// The same where nothing else is to become of the signal, its few channels side by side; nil where that is not
    /// known, or where it is not finite.
    func spread(_ signal: PartialSignal, _ context: KernelContext) -> PartialSignal? {
        guard spreadsSignals,
            let made = TransposedConvolution.spread(
                signal.source, at: signal.rectangles, weights, height: input[1], width: input[2], context)
        else { return nil }
        return PartialSignal(made.maps, made.rectangles)
    }
}
