import CKernels
import Concurrency
import Tensors

/// Transposed convolution: the adjoint of a convolution without its bias.
///
/// For all maps x and r, ⟨convolution(x) − bias, r⟩ = ⟨x, adjoint(r)⟩. Every value is a sum in a fixed order: for each
/// block of 16 channels of `r` one chain of fused multiply-adds from zero over kernel rows, then columns, both from the
/// last to the first, then channels; and the chains of the blocks added up in order.
public enum TransposedConvolution {
    /// The adjoint of the convolution at `r`, of shape [N, O, h, w]: maps of shape [N, I, `height`, `width`].
    ///
    /// h and w must be what the convolution makes of `height` and `width`; inputs behind the last window get 0. With
    /// `rectified` negative results become 0. The result goes into `destination` or else into new maps.
    @discardableResult
    public static func adjoint(
        _ r: BlockedMaps, _ weights: ConvolutionWeights, height: Int, width: Int, rectified: Bool = false,
        into destination: BlockedMaps? = nil, _ context: KernelContext
    ) -> BlockedMaps {
        let geometry = weights.geometry
        let size = geometry.outputSize(height: height, width: width)
        precondition(
            r.channels == weights.outputChannels && size ?? (0, 0) == (r.height, r.width),
            "\(r.shapeText) to the adjoint of a convolution of \(weights.outputChannels) outputs, "
                + "\(size ?? (0, 0)) of them from \(height)×\(width)")
        let result = BlockedMaps.result(
            destination, images: r.images, channels: weights.inputChannels, height: height, width: width, context)
        let phases = weights.adjoint()
        let surroundings = Surroundings(phases, r, result, context)
        let zero = AlignedStorage(count: result.blocks * BlockedMaps.lanes)
        let low: Float = rectified ? 0 : -.infinity
        var jobs: [ConvolutionJob] = []
        for phase in phases {
            switch phase.filters {
            case .general(let bank):
                jobs += bank.spans.compactMap { surroundings.job(of: $0, bank, phase, zero, low: low) }
            case .depthwise(let filters):
                surroundings.runDepthwise(phase, filters, zero, low: low, context)
            }
        }
        ConvolutionJob.run(jobs, context)
        withExtendedLifetime((phases, surroundings, zero)) {}
        return result
    }
}

/// The source of the phases, with enough zeros around it, and their common destination.
private struct Surroundings {
    private let source: MapPlanes
    private let result: BlockedMaps
    private let top: Int
    private let left: Int

    init(_ phases: [TransposedPhase], _ r: BlockedMaps, _ result: BlockedMaps, _ context: KernelContext) {
        self.result = result
        let rows = phases.map { $0.vertical.reads(below: result.height) }.filter { !$0.isEmpty }
        let columns = phases.map { $0.horizontal.reads(below: result.width) }.filter { !$0.isEmpty }
        top = max(0, -(rows.map(\.lowerBound).min() ?? 0))
        left = max(0, -(columns.map(\.lowerBound).min() ?? 0))
        source = r.planes.padded(
            top: top, left: left, bottom: max(0, (rows.map(\.upperBound).max() ?? 0) - r.height),
            right: max(0, (columns.map(\.upperBound).max() ?? 0) - r.width), context)
    }

    /// The convolution of one phase to one span of channels; nil where the phase has no pixels.
    func job(
        of span: FilterBank.Span, _ bank: FilterBank, _ phase: TransposedPhase, _ zero: AlignedStorage, low: Float
    ) -> ConvolutionJob? {
        let (vertical, horizontal) = (phase.vertical, phase.horizontal)
        let (rows, columns) = (vertical.count(below: result.height), horizontal.count(below: result.width))
        if rows == 0 || columns == 0 { return nil }
        let taps = (rows: bank.rows.count, columns: bank.columns.count)
        // SAFETY: the caller keeps bank, source, zero and result alive; zero has a float for every lane of the result.
        var job = unsafe ConvolutionJob(
            reading: span.inputs, of: source, weights: bank.storage.base + span.offset, bias: zero.base,
            into: result.planes, block: span.outputBlocks.lowerBound,
            rectangles: sb_rectangle.wholeMaps(rows: rows, columns: columns, from: source, to: result.planes),
            blocks: span.outputBlocks.count, taps: taps)
        // SAFETY: init has made the source reach from the first to the last position that any phase reads.
        unsafe job.parameters.source += sourceOffset(phase)
        unsafe job.parameters.destination += destinationOffset(phase)
        unsafe job.parameters.tap_row = vertical.tapStep * source.width * source.lanes
        unsafe job.parameters.tap_column = horizontal.tapStep * source.lanes
        unsafe job.parameters.destination_row = phase.strideY * result.width * BlockedMaps.lanes
        unsafe job.parameters.destination_column = phase.strideX * BlockedMaps.lanes
        unsafe job.parameters.low = low
        return job
    }

    /// Runs one phase of a depthwise convolution.
    func runDepthwise(
        _ phase: TransposedPhase, _ filters: AlignedStorage, _ zero: AlignedStorage, low: Float,
        _ context: KernelContext
    ) {
        let (vertical, horizontal) = (phase.vertical, phase.horizontal)
        let (rows, columns) = (vertical.count(below: result.height), horizontal.count(below: result.width))
        if rows == 0 || columns == 0 { return }
        let taps = vertical.taps.count * horizontal.taps.count
        let (lanes, blocks) = (BlockedMaps.lanes, result.blocks)
        let pieces = DepthwiseConvolution.rowPieces(result.images * blocks, rows, context)
        // SAFETY: a part writes rows of its own of this phase in one plane, and reads one plane of the source, which
        // init has made large enough; zero has a float for every lane of the result.
        context.team.forEach(result.images * blocks * pieces) { part in
            let (image, block) = (part / pieces / blocks, part / pieces % blocks)
            var parameters = unsafe sb_depthwise(
                source: source.plane(image: image, block: block) + sourceOffset(phase),
                weights: filters.base + block * taps * lanes, bias: zero.base, addend: nil,
                destination: result.planes.plane(image: image, block: block) + destinationOffset(phase),
                columns: columns, source_row: source.width * lanes, source_column: lanes,
                destination_row: phase.strideY * result.width * lanes, destination_column: phase.strideX * lanes,
                kernel_rows: vertical.taps.count, kernel_columns: horizontal.taps.count,
                tap_row: vertical.tapStep * source.width * lanes, tap_column: horizontal.tapStep * lanes, low: low,
                high: .infinity)
            let piece = DepthwiseConvolution.piece(part % pieces, of: pieces, rows)
            unsafe context.table.loops.pointee.depthwise(&parameters, piece.lowerBound, piece.upperBound)
        }
    }

    /// Where in its plane the first tap of a phase's first pixel lies; at the beginning if there are no taps.
    private func sourceOffset(_ phase: TransposedPhase) -> Int {
        if phase.vertical.taps.isEmpty || phase.horizontal.taps.isEmpty { return 0 }
        return ((phase.vertical.start + top) * source.width + phase.horizontal.start + left) * source.lanes
    }

    /// Where in its plane a phase's first pixel goes.
    private func destinationOffset(_ phase: TransposedPhase) -> Int {
        (phase.vertical.first * result.width + phase.horizontal.first) * BlockedMaps.lanes
    }
}
