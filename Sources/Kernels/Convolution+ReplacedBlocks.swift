import Concurrency

extension Convolution {
    /// The convolution of images that are like one image but for a few blocks of channels, plus the bias, and then the
    /// activation: [images, O, h, w].
    ///
    /// The bits are those of the whole convolution. Its sum over the blocks of channels, or in tiles over the chains of
    /// channels, is taken apart: the part of each is computed once for all images that have it as the base has it, and
    /// once for each that has its own; then they are added up in the order in which they always are. Precondition: one
    /// group.
    public static func forward(
        _ x: ReplacedBlocks, _ weights: ConvolutionWeights, activation: Activation = .identity,
        _ context: KernelContext
    ) -> BlockedMaps {
        let geometry = weights.geometry
        guard case .general(let bank) = weights.forward, bank.spans.count == 1,
            x.base.channels == weights.inputChannels,
            let size = geometry.outputSize(height: x.base.height, width: x.base.width)
        else {
            preconditionFailure(
                "\(x.base.shapeText) for a convolution of \(weights.inputChannels) channels in one group")
        }
        let isVector = x.base.planes.pixels == 1 && PointwiseReplacement.takes(weights)
        if isVector { return forwardVectors(x, weights, activation, context) }
        let result = BlockedMaps(
            images: x.images, channels: weights.outputChannels, height: size.height, width: size.width,
            from: context.buffers)
        let tail = ActivationTail(activation)
        if weights.isTiled {
            TiledReplacement(x, weights, bank, tail, result).run(context)
        } else {
            let parts = ReplacedConvolution(x, weights, bank, tail, result, context)
            context.team.forEach(parts.count) { parts.compute($0, context) }
        }
        tail.finish(result, context)
        return result
    }

    /// The bytes that one block takes besides its maps while such a convolution with outputs of this size is computed,
    /// of an image with such a block of its own or of the base; nil where the former are copied with their padding.
    public static func replacedBlockBytes(_ weights: ConvolutionWeights, height: Int, width: Int) -> Int? {
        weights.isTiled ? TiledReplacement.blockBytes(height: height, width: width) : nil
    }
}
