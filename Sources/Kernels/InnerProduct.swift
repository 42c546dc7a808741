import CKernels
import Concurrency
public import Tensors

/// A dense layer's weights, packed once for the kernels.
public final class InnerProductWeights: Sendable {
    /// The number of results.
    public let outputs: Int
    /// Channels of the source.
    public let channels: Int
    /// Rows of the source's maps.
    public let height: Int
    /// Columns of the source's maps.
    public let width: Int

    /// The layer as a convolution whose window is the whole map.
    let convolution: ConvolutionWeights

    /// Weights of shape [O, I] and a bias of shape [O], 0 if there is none, for maps of the given size.
    ///
    /// I must be channels · height · width, in ONNX's order for flattened maps: channel by channel, row by row.
    public init(weights: Tensor, bias: Tensor?, channels: Int, height: Int = 1, width: Int = 1) {
        precondition(
            weights.shape.rank == 2 && weights.shape[1] == channels * height * width,
            "weights of shape \(weights.shape) for maps of shape [\(channels), \(height), \(width)]")
        outputs = weights.shape[0]
        self.channels = channels
        self.height = height
        self.width = width
        convolution = ConvolutionWeights(
            weights: weights.reshaped(to: [outputs, channels, height, width]), bias: bias,
            geometry: WindowGeometry(kernelHeight: height, kernelWidth: width), method: .direct)
    }

    /// Bytes that the packed weights take.
    public var byteCount: Int { convolution.byteCount }

    /// The parts that the outputs can be computed in.
    public var mostParts: Int { (outputs + BlockedMaps.lanes - 1) / BlockedMaps.lanes }

    /// The packed weights: a dense layer has one group, so there is one bank and, in it, one span.
    var bank: FilterBank {
        guard case .general(let bank) = convolution.forward, bank.spans.count == 1 else {
            preconditionFailure("the filters of a dense layer are packed in one span")
        }
        return bank
    }
}

/// Dense (fully connected) layers, which read maps as they are: flattening costs nothing.
public enum InnerProduct {
    /// W x + bias, plus `adding` if given, and then the activation.
    ///
    /// `x` has the shape [N, C, H, W], the result and `adding` [N, O, 1, 1]. Each output is summed like that of a
    /// convolution whose window is the whole map: in chains over row, column and lane of each block of 16 channels.
    @discardableResult
    public static func forward(
        _ x: BlockedMaps, _ weights: InnerProductWeights, activation: Activation = .identity,
        adding addend: BlockedMaps? = nil, into destination: BlockedMaps? = nil, _ context: KernelContext
    ) -> BlockedMaps {
        precondition(
            x.hasShape(x.images, weights.channels, weights.height, weights.width),
            "\(x.shapeText) for a dense layer of [\(weights.channels), \(weights.height), \(weights.width)]")
        return Convolution.forward(
            x, weights.convolution, activation: activation, adding: addend, into: destination, context)
    }

    /// One of several nearly equal parts of the outputs, written to where they are in `destination`.
    ///
    /// The bits are those of all outputs together. Preconditions: the activation is fused; `parts` is at most
    /// ``InnerProductWeights/mostParts``.
    public static func forward(
        _ x: BlockedMaps, _ weights: InnerProductWeights, activation: Activation = .identity, part: Int, of parts: Int,
        into destination: BlockedMaps, _ context: KernelContext
    ) {
        precondition(
            x.hasShape(x.images, weights.channels, weights.height, weights.width) && weights.bank.spans.count == 1,
            "\(x.shapeText) for a dense layer of [\(weights.channels), \(weights.height), \(weights.width)]")
        precondition(part >= 0 && part < parts && parts <= weights.mostParts, "part \(part) of \(parts)")
        let blocks = destination.blocks
        Convolution.forward(
            x, weights.convolution, activation: activation, blocks: blocks * part / parts..<blocks * (part + 1) / parts,
            into: destination, context)
    }

    /// The same of images that differ from one in some blocks of channels.
    public static func forward(
        _ x: ReplacedBlocks, _ weights: InnerProductWeights, activation: Activation = .identity,
        _ context: KernelContext
    ) -> BlockedMaps {
        precondition(
            x.base.hasShape(1, weights.channels, weights.height, weights.width),
            "\(x.base.shapeText) for a dense layer of [\(weights.channels), \(weights.height), \(weights.width)]")
        return Convolution.forward(x, weights.convolution, activation: activation, context)
    }

    /// Wᵀ r: from [N, O, 1, 1] to [N, C, H, W]; negative results become 0 if `rectified`.
    ///
    /// Each value is a sum in a fixed order: one chain of fused multiply-adds from zero for each block of 16 outputs,
    /// the chains added up in order. The weights are read as they are packed and turned about a few at a time, which
    /// spares a second copy of them.
    @discardableResult
    public static func adjoint(
        _ r: BlockedMaps, _ weights: InnerProductWeights, rectified: Bool = false, _ context: KernelContext
    ) -> BlockedMaps {
        precondition(
            r.hasShape(r.images, weights.outputs, 1, 1),
            "\(r.shapeText) to the adjoint of a dense layer of \(weights.outputs) outputs")
        let result = BlockedMaps(
            images: r.images, channels: weights.channels, height: weights.height, width: weights.width,
            from: context.buffers)
        let pixels = weights.height * weights.width
        let rectangles = sb_rectangle.wholeMaps(rows: 1, columns: 1, from: r.planes, to: result.planes)
        let pieces = min(result.blocks * pixels, context.team.threads == 1 ? 1 : context.team.threads * 8)
        context.team.forEach(pieces) { piece in
            let columns = DepthwiseConvolution.piece(piece, of: pieces, result.blocks * pixels)
            let panel = MapStorage(count: r.blocks * BlockedMaps.lanes * BlockedMaps.lanes, from: context.buffers)
            for column in columns {
                adjoint(
                    r, weights, (column / pixels, column % pixels), panel, rectangles, rectified, result, context)
            }
        }
        return result
    }

    /// The adjoint's values of one block at one position, for all images.
    private static func adjoint(
        _ r: BlockedMaps, _ weights: InnerProductWeights, _ place: (block: Int, pixel: Int), _ panel: MapStorage,
        _ rectangles: [sb_rectangle], _ rectified: Bool, _ result: BlockedMaps, _ context: KernelContext
    ) {
        let lanes = BlockedMaps.lanes
        let pixels = weights.height * weights.width
        let inBlock = min(lanes, weights.channels - place.block * lanes)
        let bank = weights.bank
        let zero = AlignedStorage(count: lanes)
        // The blocks before it are whole ones.
        let start = (place.block * pixels * lanes + place.pixel * inBlock) * lanes
        // SAFETY: for every block of outputs the bank has channels · pixels · 16 weights, of which those of this place
        // are inBlock · 16 from `start` on; the panel has room for 16 · 16 a block; one block and one position of the
        // result are written here and nowhere else.
        for block in 0..<r.blocks {
            unsafe sb_transpose_block(
                bank.storage.base + block * bank.spans[0].blockFloats + start, inBlock,
                panel.floats.base + block * lanes * lanes)
        }
        var job = unsafe ConvolutionJob(
            reading: 0..<r.channels, of: r.planes, weights: panel.floats.base, bias: zero.base, into: result.planes,
            block: place.block, rectangles: rectangles, blocks: 1, taps: (1, 1))
        unsafe job.parameters.destination += place.pixel * lanes
        unsafe job.parameters.low = rectified ? 0 : -.infinity
        job.compute(0..<r.images, 0..<1, context.table)
        withExtendedLifetime((r, weights, panel, zero, result)) {}
    }
}
