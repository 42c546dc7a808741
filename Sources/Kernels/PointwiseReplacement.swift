import CKernels
import Concurrency
import Tensors

/// A convolution of one tap, or a dense layer, of images that are like one image but for some positions: only at these
/// are the sums taken apart and put together again.
///
/// The sum at a position goes on from the base's, which is the same up to the first block that is replaced; each run of
/// replaced blocks is then added, and behind it what the base's blocks add.
struct PointwiseReplacement: Sendable {
    private let base: MapPlanes
    private let weights: ConvolutionWeights
    private let bank: FilterBank
    private let bounds: (low: Float, high: Float)
    private let parts: [ReplacedPixels]
    /// Blocks of outputs that are computed at a time.
    private let strip: Int

    /// Positions that are computed at a time: as many as the second-level cache holds beside the base's summands.
    private static let mostEntries = 4096
    /// Floats of the base's summands that it holds.
    private static let cachedFloats = 1 << 17

    /// Whether the convolution can be computed so.
    static func takes(_ weights: ConvolutionWeights) -> Bool {
        weights.groups == 1 && weights.geometry == WindowGeometry(kernel: 1, ceilMode: weights.geometry.ceilMode)
    }

    /// What of it the kernel can clip to is part of it, no more of an activation.
    init(_ x: ReplacedBlocks, _ weights: ConvolutionWeights, _ tail: ActivationTail, _ context: KernelContext) {
        guard Self.takes(weights), case .general(let bank) = weights.forward,
            x.base.channels == weights.inputChannels
        else { preconditionFailure("\(x.base.shapeText) for a convolution of \(weights.inputChannels) channels") }
        (base, self.weights, self.bank, bounds) = (x.base.planes, weights, bank, tail.bounds)
        parts = ReplacedPixels.parts(of: x, most: Self.mostEntries, context)
        let isSmall = base.blocks * base.pixels * 4 * BlockedMaps.lanes <= Self.cachedFloats
        strip = min(weights.outputBlocks, isSmall ? 4 : 2)
    }

    /// Calls `take` with each strip of outputs, for some of the images at a time.
    func forEachStrip(_ context: KernelContext, _ take: @Sendable (borrowing PointwiseStrip, ReplacedPixels) -> Void) {
        let count = (weights.outputBlocks + strip - 1) / strip
        context.team.forEach(count) { index in
            let outputs = index * strip..<min(weights.outputBlocks, (index + 1) * strip)
            let strip = PointwiseStrip(
                outputs, base, weights, bank, bounds, entries: parts.reduce(0) { max($0, $1.pixels.count) }, context)
            strip.computeSummands()
            for part in parts {
                strip.compute(part)
                take(strip, part)
            }
        }
    }
}

/// Some blocks of outputs of a ``PointwiseReplacement``; of each position they lie side by side.
@safe
struct PointwiseStrip: ~Copyable {
    /// The blocks.
    let outputs: Range<Int>
    /// The base's results, when all has been computed: a pixel after the other.
    let sum: MapPlanes
    /// The results of the positions that are replaced, as many pixels in the order of their numbers.
    let values: MapPlanes
    private let base: MapPlanes
    private let bounds: (low: Float, high: Float)
    private let table: KernelTable
    /// What each block of channels of the base adds: an image for each.
    private let summands: MapPlanes
    private let bias: AlignedStorage
    /// The convolution with nothing said of its source and destination.
    private let job: ConvolutionJob
    private let weights: ConvolutionWeights
    /// Whether all weights are: then zeros add nothing, as no bias is −0 and so no sum either.
    private let isFinite: Bool
    /// Floats of a position.
    private let width: Int

    fileprivate init(
        _ outputs: Range<Int>, _ base: MapPlanes, _ weights: ConvolutionWeights, _ bank: FilterBank,
        _ bounds: (low: Float, high: Float), entries: Int, _ context: KernelContext
    ) {
        let lanes = BlockedMaps.lanes
        let width = outputs.count * lanes
        let planes = { (images: Int, pixels: Int) in
            MapPlanes(
                images: images, channels: width, height: 1, width: pixels, lanes: width, from: context.buffers)
        }
        (self.outputs, self.base, self.bounds, self.weights, self.width) = (outputs, base, bounds, weights, width)
        isFinite = bank.isFinite
        (sum, values, summands) = (planes(1, base.pixels), planes(1, max(1, entries)), planes(base.blocks, base.pixels))
        table = context.table
        bias = AlignedStorage(count: width)
        let pixels = sb_rectangle(rows: 1, columns: base.pixels, source: 0, destination: 0, addend: 0)
        // SAFETY: each output block has inputs · 16 weights, and all storage is kept by this strip.
        var job = unsafe ConvolutionJob(
            reading: 0..<min(lanes, base.channels), of: base,
            weights: bank.storage.base + outputs.lowerBound * bank.spans[0].blockFloats, bias: bias.base, into: sum,
            block: 0, rectangles: [pixels], blocks: outputs.count, taps: (1, 1))
        unsafe job.parameters.destination_column = width
        unsafe job.parameters.destination_block = lanes
        unsafe job.parameters.weights_block = bank.spans[0].blockFloats
        self.job = job
    }

    /// Computes what each block of channels of the base adds to its sums.
    fileprivate func computeSummands() {
        var job = job
        for block in 0..<base.blocks {
            // SAFETY: the block's plane and its summands exist; the blocks of weights before it are whole.
            unsafe job.parameters.source = UnsafePointer(base.plane(block: block))
            unsafe job.parameters.destination = summands.plane(image: block)
            unsafe job.parameters.weights = self.job.parameters.weights + block * BlockedMaps.lanes * BlockedMaps.lanes
            unsafe job.parameters.last_lanes = channels(of: block)
            job.compute(0..<base.pixels, 0..<outputs.count, table)
        }
    }

    /// Computes the results of the positions replaced, and those of the base.
    fileprivate func compute(_ part: ReplacedPixels) {
        // SAFETY: the bias has 16 floats for every output block; the sum has as many pixels as the base.
        for pixel in 0..<base.pixels {
            unsafe (sum.plane() + pixel * width)
                .update(from: weights.bias.base + outputs.lowerBound * BlockedMaps.lanes, count: width)
        }
        var taken = 0
        for group in part.groups {
            guard let first = group.runs.first?.blocks.lowerBound else { continue }
            addSummands(taken..<first)
            taken = first
            for entry in group.entries {
                // SAFETY: the entry's pixel is one of the base's, and there is room for every entry of a part.
                unsafe (values.plane() + entry * width)
                    .update(from: sum.plane() + part.pixels[entry] * width, count: width)
            }
            var before = 0
            for (index, run) in group.runs.enumerated() {
                if !run.isZero || !isFinite { convolve(group, run.blocks, before, part) }
                before += run.blocks.count
                let isLast = index == group.runs.count - 1
                let next = isLast ? base.blocks : group.runs[index + 1].blocks.lowerBound
                goOn(group, run.blocks.upperBound..<next, isLast, part)
            }
        }
        addSummands(taken..<base.blocks)
        // SAFETY: as above; nothing is added, only clipped.
        unsafe table.loops.pointee.add_parts(
            summands.plane(), 0, 0, sum.plane(), sum.planeFloats, bounds.low, bounds.high)
        withExtendedLifetime((base, weights, part.values)) {}
    }

    /// Adds what blocks of the base add to its sums.
    private func addSummands(_ blocks: Range<Int>) {
        if blocks.isEmpty { return }
        // SAFETY: the summands of the blocks follow one another, each with as many floats as the sum.
        unsafe table.loops.pointee.add_parts(
            summands.plane(image: blocks.lowerBound), summands.imageStep, blocks.count, sum.plane(), sum.planeFloats,
            -.infinity, .infinity)
    }

    /// Adds a run of replaced blocks, before which each position has so many others.
    private func convolve(_ group: ReplacedPixels.Group, _ run: Range<Int>, _ before: Int, _ part: ReplacedPixels) {
        let lanes = BlockedMaps.lanes
        let rectangle = sb_rectangle(rows: group.entries.count, columns: 1, source: 0, destination: 0, addend: 0)
        // SAFETY: the pointers copied are to storage that this strip keeps.
        var job = unsafe ConvolutionJob(
            parameters: self.job.parameters, rectangles: [rectangle], pixels: group.entries.count,
            blocks: self.job.blocks, steps: run.count * lanes)
        // SAFETY: the group's values and results exist; the blocks of weights before the run are whole.
        let results = unsafe values.plane() + group.entries.lowerBound * width
        unsafe job.parameters.source = UnsafePointer(part.values.floats.base + group.offset + before * lanes)
        unsafe job.parameters.weights += run.lowerBound * lanes * lanes
        unsafe job.parameters.source_row = group.blocks * lanes
        unsafe job.parameters.source_block = lanes
        unsafe job.parameters.blocks = run.count
        unsafe job.parameters.last_lanes = channels(of: run.upperBound - 1)
        unsafe job.parameters.destination = results
        unsafe job.parameters.destination_row = width
        unsafe job.parameters.addend = UnsafePointer(results)
        unsafe job.parameters.addend_block = lanes
        unsafe job.parameters.continues = true
        job.compute(0..<job.pixels, 0..<outputs.count, table)
    }

    /// Adds what blocks of the base add to the sums of a group, which may be complete then.
    private func goOn(_ group: ReplacedPixels.Group, _ blocks: Range<Int>, _ isLast: Bool, _ part: ReplacedPixels) {
        if blocks.isEmpty && !isLast { return }
        let (low, high): (Float, Float) = isLast ? bounds : (-.infinity, .infinity)
        for entry in group.entries {
            // SAFETY: the summands of the blocks follow one another; where there are none nothing is read.
            let first = min(blocks.lowerBound, base.blocks - 1)
            unsafe table.loops.pointee.add_parts(
                summands.plane(image: first) + part.pixels[entry] * width, summands.imageStep, blocks.count,
                values.plane() + entry * width, width, low, high)
        }
    }

    /// The channels of a block of the base.
    private func channels(of block: Int) -> Int { min(BlockedMaps.lanes, base.channels - block * BlockedMaps.lanes) }
}
