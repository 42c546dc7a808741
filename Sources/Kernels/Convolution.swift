import CKernels
import Tensors

/// Two-dimensional convolution (a cross-correlation, as in all deep learning) with bias and a fused activation.
///
/// Every output is summed in one fixed order, given in `CKernels.h`, so that its bits depend neither on its position nor
/// on the batch, the threads or the instruction set. Where the weights say so (``ConvolutionWeights/isTiled``) outputs are
/// computed in tiles of 4×4, in the fixed order that `CKernelsWinograd.h` gives.
public enum Convolution {
    /// The convolution of `x` plus the bias, plus `adding` if given, and then the activation.
    ///
    /// `x` has the shape [N, I, H, W]; the result and `adding` [N, O, h, w] as the geometry says. The result goes into
    /// `destination`, which may be a view of larger maps and must not overlap `x`, or else into new maps.
    @discardableResult
    public static func forward(
        _ x: BlockedMaps, _ weights: ConvolutionWeights, activation: Activation = .identity,
        adding addend: BlockedMaps? = nil, into destination: BlockedMaps? = nil, _ context: KernelContext
    ) -> BlockedMaps {
        forward(x.planes, weights, activation, addend, destination, context)
    }

    /// Some blocks of 16 outputs of a convolution whose filters are packed in one span and not in tiles, written to where
    /// they are in `destination`.
    static func forward(
        _ x: BlockedMaps, _ weights: ConvolutionWeights, activation: Activation, blocks: Range<Int>,
        into destination: BlockedMaps, _ context: KernelContext
    ) {
        precondition(activation.isFused, "outputs by parts and an activation that passes over all of them")
        _ = forward(x.planes, weights, activation, nil, destination, context, blocks: blocks)
    }

    /// The same of a network's input, with the same bits as from blocked maps.
    @discardableResult
    public static func forward(
        _ x: InputMaps, _ weights: ConvolutionWeights, activation: Activation = .identity,
        adding addend: BlockedMaps? = nil, into destination: BlockedMaps? = nil, _ context: KernelContext
    ) -> BlockedMaps {
        // A group's channels begin somewhere within a pixel, which only blocks provide for; so do tiles.
        let source = weights.groups == 1 && !weights.isTiled ? x.planes : x.planes.blocked(context).planes
        return forward(source, weights, activation, addend, destination, context)
    }

    private static func forward(
        _ x: MapPlanes, _ weights: ConvolutionWeights, _ activation: Activation, _ addend: BlockedMaps?,
        _ destination: BlockedMaps?, _ context: KernelContext, blocks: Range<Int>? = nil
    ) -> BlockedMaps {
        let geometry = weights.geometry
        precondition(
            x.channels == weights.inputChannels,
            "\(x.channels) channels for a convolution of \(weights.inputChannels)")
        guard let size = geometry.outputSize(height: x.height, width: x.width) else {
            preconditionFailure("a convolution of geometry \(geometry) of maps of \(x.height)×\(x.width)")
        }
        let result = BlockedMaps.result(
            destination, images: x.images, channels: weights.outputChannels, height: size.height, width: size.width,
            context)
        precondition(
            addend?.hasShape(of: result) ?? true,
            "a convolution to \(result.shapeText) plus \(addend?.shapeText ?? "")")
        let tail = ActivationTail(activation)
        switch weights.forward {
        case .general(let bank) where weights.isTiled:
            let parts = WinogradConvolution.Part.wholeMaps(of: result, from: x, adding: addend)
            WinogradConvolution.run(
                parts, of: x, size: (x.height, x.width), weights, bank, tail, addend, result.planes, context)
        case .general(let bank):
            let source = x.padded(geometry, context).spreadOverSets(forPixels: result.planes.pixels, context)
            let rectangles = sb_rectangle.wholeMaps(
                rows: result.height, columns: result.width, from: source, to: result.planes, adding: addend?.planes)
            var jobs = bank.spans.map { job(of: $0, bank, source, weights, tail, addend, result.planes, rectangles) }
            if let blocks { jobs[0].blocks = blocks }
            ConvolutionJob.run(jobs, context)
            withExtendedLifetime(source) {}
        case .depthwise(let filters):
            let source = x.padded(geometry, context)
            DepthwiseConvolution.forward(source, weights, filters, tail, addend, result, context)
        }
        withExtendedLifetime((x, weights, addend, result)) {}
        tail.finish(result, context)
        return result
    }

    /// The job for the outputs of a span, of which the rectangles say where they are.
    static func job(
        of span: FilterBank.Span, _ bank: FilterBank, _ source: MapPlanes, _ weights: ConvolutionWeights,
        _ tail: ActivationTail, _ addend: BlockedMaps?, _ result: MapPlanes, _ rectangles: [sb_rectangle]
    ) -> ConvolutionJob {
        let geometry = weights.geometry
        // SAFETY: all pointers are to storage that the caller keeps alive; those into the destination and the addend are
        // to the span's first block, and the span's blocks are blocks of theirs.
        let first = span.outputBlocks.lowerBound
        var job = unsafe ConvolutionJob(
            reading: span.inputs, of: source, weights: bank.storage.base + span.offset,
            bias: weights.bias.base + first * BlockedMaps.lanes, into: result, block: first, rectangles: rectangles,
            blocks: span.outputBlocks.count, taps: (bank.rows.count, bank.columns.count))
        unsafe job.parameters.source_row = geometry.strideY * source.width * source.lanes
        unsafe job.parameters.source_column = geometry.strideX * source.lanes
        unsafe job.parameters.tap_row = geometry.dilationY * source.width * source.lanes
        unsafe job.parameters.tap_column = geometry.dilationX * source.lanes
        unsafe job.parameters.weights_block = span.blockFloats
        unsafe job.parameters.skips_zeros = bank.isFinite
        if let addend {
            unsafe job.parameters.addend = UnsafePointer(addend.planes.plane(block: first))
            unsafe job.parameters.addend_block = addend.planes.planeFloats
        }
        unsafe (job.parameters.low, job.parameters.high) = tail.bounds
        return job
    }
}

extension ConvolutionJob {
    /// A convolution from some channels of a source into a result, with steps for stride 1 and no dilation, no addend and
    /// no clip: what differs is for the caller to set.
    init(
        reading inputs: Range<Int>, of source: MapPlanes, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>,
        into result: MapPlanes, block: Int, rectangles: [sb_rectangle], blocks: Int, taps: (rows: Int, columns: Int)
    ) {
        let first = inputs.lowerBound / source.lanes
        let inputBlocks = (inputs.upperBound + source.lanes - 1) / source.lanes - first
        let steps = taps.rows * taps.columns * inputs.count
        // SAFETY: the planes exist, as plane() checks; the rest is for the caller to provide.
        unsafe self.init(
            parameters: sb_convolution(
                source: source.plane(block: first), weights: weights, bias: bias, addend: nil,
                destination: result.plane(block: block), rectangles: nil,
                source_row: source.width * source.lanes, source_column: source.lanes,
                source_block: source.planeFloats, destination_row: result.width * BlockedMaps.lanes,
                destination_column: BlockedMaps.lanes, destination_block: result.planeFloats, addend_block: 0,
                weights_block: steps * BlockedMaps.lanes, blocks: inputBlocks,
                first_lane: inputs.lowerBound - first * source.lanes,
                last_lanes: inputs.upperBound - (first + inputBlocks - 1) * source.lanes, pixel_lanes: source.lanes,
                kernel_rows: taps.rows, kernel_columns: taps.columns, tap_row: source.width * source.lanes,
                tap_column: source.lanes, chunk: ConvolutionJob.chunk(inputs: inputs.count, steps: steps),
                is_narrow: result.channels <= BlockedMaps.lanes / 2, skips_zeros: false, continues: false,
                low: -.infinity, high: .infinity),
            rectangles: rectangles, pixels: rectangles.reduce(0) { $0 + $1.rows * $1.columns }, blocks: 0..<blocks,
            steps: steps)
    }

    /// Pixels at a time: as many as keep their part of the source in the second-level cache beside the weights.
    private static func chunk(inputs: Int, steps: Int) -> Int {
        let most = 168
        if steps * BlockedMaps.lanes > 1 << 15 { return most }
        return min(most, max(42, 24_000 / inputs / 42 * 42))
    }
}

extension sb_rectangle {
    /// Whole maps, one rectangle an image, of so many rows and columns.
    static func wholeMaps(
        rows: Int, columns: Int, from source: MapPlanes, to result: MapPlanes, adding addend: MapPlanes? = nil
    ) -> [sb_rectangle] {
        (0..<source.images).map { image in
            sb_rectangle(
                rows: rows, columns: columns, source: image * source.imageStep, destination: image * result.imageStep,
                addend: image * (addend?.imageStep ?? 0))
        }
    }
}
