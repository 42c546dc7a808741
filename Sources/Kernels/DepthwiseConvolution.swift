import CKernels
import Concurrency
import Tensors

/// Convolution of each channel with a filter of its own.
enum DepthwiseConvolution {
    /// The convolution of a source whose padding is there.
    static func forward(
        _ source: MapPlanes, _ weights: ConvolutionWeights, _ filters: AlignedStorage, _ tail: ActivationTail,
        _ addend: BlockedMaps?, _ result: BlockedMaps, _ context: KernelContext
    ) {
        let geometry = weights.geometry
        let taps = geometry.kernelHeight * geometry.kernelWidth
        let lanes = BlockedMaps.lanes
        let blocks = result.blocks
        let pieces = DepthwiseConvolution.rowPieces(result.images * blocks, result.height, context)
        // SAFETY: a part writes rows of its own of one plane of the result, reads one plane of the padded source, within
        // which the geometry keeps every window, and one block of filters; the caller keeps all of them alive.
        context.team.forEach(result.images * blocks * pieces) { part in
            let (image, block) = (part / pieces / blocks, part / pieces % blocks)
            var parameters = unsafe sb_depthwise(
                source: source.plane(image: image, block: block), weights: filters.base + block * taps * lanes,
                bias: weights.bias.base + block * lanes, addend: nil,
                destination: result.planes.plane(image: image, block: block), columns: result.width,
                source_row: geometry.strideY * source.width * lanes, source_column: geometry.strideX * lanes,
                destination_row: result.width * lanes, destination_column: lanes,
                kernel_rows: geometry.kernelHeight, kernel_columns: geometry.kernelWidth,
                tap_row: geometry.dilationY * source.width * lanes, tap_column: geometry.dilationX * lanes,
                low: tail.bounds.low, high: tail.bounds.high)
            if let addend {
                unsafe parameters.addend = UnsafePointer(addend.planes.plane(image: image, block: block))
            }
            let rows = piece(part % pieces, of: pieces, result.height)
            unsafe context.table.loops.pointee.depthwise(&parameters, rows.lowerBound, rows.upperBound)
        }
    }

    /// How many pieces to cut each of `planes` planes of `rows` rows into, so that every thread has work.
    static func rowPieces(_ planes: Int, _ rows: Int, _ context: KernelContext) -> Int {
        let threads = context.team.threads
        return threads == 1 ? 1 : min(rows, max(1, (threads * 4 + planes - 1) / max(1, planes)))
    }

    /// The rows of one of several nearly equal pieces.
    static func piece(_ index: Int, of pieces: Int, _ rows: Int) -> Range<Int> {
        rows * index / pieces..<rows * (index + 1) / pieces
    }
}
