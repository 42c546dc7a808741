import CKernels
import Concurrency

/// A direct convolution ready to run: the geometry in pointers and steps, and how much there is to do.
@safe
struct ConvolutionJob {
    /// All but the rectangles.
    var parameters: sb_convolution
    /// The outputs to compute.
    let rectangles: [sb_rectangle]
    /// Pixels of all rectangles.
    let pixels: Int
    /// Output blocks to compute, as numbered in the parameters' weights and destination.
    var blocks: Range<Int>
    /// Fused multiply-adds of one output.
    let steps: Int

    /// Runs convolutions whose results do not overlap, split over the team's threads.
    ///
    /// The pointers in the parameters must stay valid until the call returns.
    static func run(_ jobs: [ConvolutionJob], _ context: KernelContext) {
        let cost = jobs.reduce(0) { $0 + $1.cost }
        let pieces = jobs.flatMap { $0.pieces(ofTotal: cost, context) }
        let table = context.table
        context.team.forEach(pieces.count) { index in
            pieces[index].job.compute(pieces[index].pixels, pieces[index].blocks, table)
        }
    }

    /// Computes some of the outputs on the calling thread.
    func compute(_ pixels: Range<Int>, _ blocks: Range<Int>, _ table: KernelTable) {
        // SAFETY: what is written lies within the destination that the job was made for; there are rectangles with as
        // many pixels as are asked for.
        precondition(pixels.upperBound <= self.pixels, "pixels \(pixels) of \(self.pixels)")
        var parameters = unsafe self.parameters
        unsafe rectangles.withUnsafeBufferPointer { rectangles in
            unsafe parameters.rectangles = rectangles.baseAddress
            unsafe table.loops.pointee.convolve(
                &parameters, pixels.lowerBound, pixels.upperBound, blocks.lowerBound, blocks.upperBound)
        }
    }

    private struct Piece: Sendable {
        let job: ConvolutionJob
        let pixels: Range<Int>
        let blocks: Range<Int>
    }

    /// Multiply-adds of 16 outputs, or what takes as long: of a few pixels, reading the weights does.
    private var cost: Int { max(Self.leastPixels, pixels) * blocks.count * max(1, steps) }

    /// The pixels whose multiply-adds take as long as reading their weights from beyond the second-level cache.
    private static let leastPixels = 8

    /// A piece should take a few microseconds at least, or handing it out would cost too much of it.
    private static let leastCost = 20_000
    /// Pieces for each thread: enough to even out what one thread loses to other work.
    private static let piecesEach = 6

    /// Whether zeros of the source may be left out, as long as enough output blocks are computed together.
    // SAFETY: numbers.
    private var mayLeaveZerosOut: Bool {
        unsafe parameters.skips_zeros && parameters.kernel_rows == 1 && parameters.kernel_columns == 1
            && parameters.pixel_lanes == BlockedMaps.lanes && blocks.count >= Int(SB_SKIPPING_BLOCKS)
    }

    private func pieces(ofTotal total: Int, _ context: KernelContext) -> [Piece] {
        if pixels == 0 || blocks.isEmpty { return [] }
        let threads = context.team.threads
        let wanted = threads == 1 ? 1 : max(1, min(cost / Self.leastCost, threads * Self.piecesEach * cost / total))
        let tiles = (pixels + context.table.tilePixels - 1) / context.table.tilePixels
        let unit = mayLeaveZerosOut ? Int(SB_SKIPPING_BLOCKS) : context.table.tileBlocks
        let groups = (blocks.count + unit - 1) / unit
        // Split what is larger, so that each thread reads a part of it only.
        let isHeavy = blocks.count * steps * BlockedMaps.lanes > pixels * steps
        var (alongPixels, alongBlocks) = (1, 1)
        if isHeavy {
            // Equal pieces rather than a few less: one group each, if there are not many more than pieces wanted.
            alongBlocks =
                wanted > 1 && cost / groups >= Self.leastCost / 2 ? min(groups, 3 * wanted) : min(wanted, groups)
            alongPixels = min(tiles, (wanted + alongBlocks - 1) / alongBlocks)
        } else {
            alongPixels = min(wanted, tiles)
            alongBlocks = min(groups, (wanted + alongPixels - 1) / alongPixels)
        }
        return (0..<alongBlocks).flatMap { i in
            let part = Self.part(i, of: alongBlocks, groups, unit: unit, end: blocks.count)
            return (0..<alongPixels).map { j in
                Piece(
                    job: self,
                    pixels: Self.part(j, of: alongPixels, tiles, unit: context.table.tilePixels, end: pixels),
                    blocks: blocks.lowerBound + part.lowerBound..<blocks.lowerBound + part.upperBound)
            }
        }
    }

    /// Part `index` of `parts` nearly equal ones of `units` units, the last of which may be cut short.
    private static func part(_ index: Int, of parts: Int, _ units: Int, unit: Int, end: Int) -> Range<Int> {
        let lower = min(end, units * index / parts * unit)
        return lower..<min(end, units * (index + 1) / parts * unit)
    }
}

// @unchecked because the pointers are read by all threads during one call, while the caller keeps what they point to
// alive, and each piece writes elements of its own.
extension ConvolutionJob: @unchecked Sendable {}
