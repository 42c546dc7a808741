import CKernels
import Concurrency
import Tensors

/// A convolution of images with blocks of their own, cut into parts of the outputs: a few blocks of channels of a few rows.
struct ReplacedConvolution: Sendable {
    private let x: ReplacedBlocks
    private let weights: ConvolutionWeights
    private let bank: FilterBank
    private let tail: ActivationTail
    private let result: BlockedMaps
    /// What the images' windows read, with its padding.
    private let base: MapPlanes
    private let own: MapPlanes
    /// The first place of each block, and the end.
    private let firstPlace: [Int]
    /// The last place of each image, or −1.
    private let lastPlace: [Int]
    /// The number of output blocks and of rows of a part.
    private let strip: Int
    private let rows: Int

    /// Floats of the base's parts that a thread's second-level cache holds beside all else.
    private static let cachedFloats = 1 << 17

    init(
        _ x: ReplacedBlocks, _ weights: ConvolutionWeights, _ bank: FilterBank, _ tail: ActivationTail,
        _ result: BlockedMaps, _ context: KernelContext
    ) {
        let geometry = weights.geometry
        let padded = { (planes: MapPlanes) in
            planes.padded(
                top: geometry.padTop, left: geometry.padLeft, bottom: geometry.padBottom, right: geometry.padRight,
                context)
        }
        (self.x, self.weights, self.bank, self.tail, self.result) = (x, weights, bank, tail, result)
        base = padded(x.base.planes)
        own = padded(x.maps.planes)
        var first = Array(repeating: 0, count: x.base.blocks + 1)
        for place in x.places { first[place.block + 1] += 1 }
        for block in 0..<x.base.blocks { first[block + 1] += first[block] }
        firstPlace = first
        var last = Array(repeating: -1, count: x.images)
        for (index, place) in x.places.enumerated() { last[place.image] = index }
        lastPlace = last
        strip = min(context.table.tileBlocks, result.blocks)
        let rowFloats = x.base.blocks * strip * result.width * BlockedMaps.lanes
        rows = max(1, min(result.height, Self.cachedFloats / rowFloats))
    }

    private var bands: Int { (result.height + rows - 1) / rows }

    /// How many parts there are.
    var count: Int { (result.blocks + strip - 1) / strip * bands }

    /// Computes a part for all images.
    func compute(_ index: Int, _ context: KernelContext) {
        let first = index / bands * strip
        let row = index % bands * rows
        var part = Part(
            outputs: first..<min(result.blocks, first + strip), rows: row..<min(result.height, row + rows), of: self,
            context)
        for block in 0..<x.base.blocks { part.computeSummand(block) }
        for block in 0..<x.base.blocks { part.take(block) }
        part.finish()
    }
}

extension ReplacedConvolution {
    /// A part under way: the sum over some blocks of channels is there.
    @safe
    private struct Part {
        let all: ReplacedConvolution
        let outputs: Range<Int>
        let rows: Range<Int>
        let table: KernelTable
        /// The base's summands: an image for each block of channels.
        let summands: MapPlanes
        /// The base's bias and the summands of the blocks taken.
        let sum: MapPlanes
        /// A bias of zeros.
        let zero: AlignedStorage
        /// The number of blocks that each image's sum includes; 0 if it has had none of its own and is the base's.
        var taken: [Int]

        init(outputs: Range<Int>, rows: Range<Int>, of all: ReplacedConvolution, _ context: KernelContext) {
            (self.all, self.outputs, self.rows, table) = (all, outputs, rows, context.table)
            let planes = { (images: Int) in
                MapPlanes(
                    images: images, channels: outputs.count * BlockedMaps.lanes, height: rows.count,
                    width: all.result.width, lanes: BlockedMaps.lanes, from: context.buffers)
            }
            summands = planes(all.x.base.blocks)
            sum = planes(1)
            zero = AlignedStorage(count: outputs.count * BlockedMaps.lanes)
            taken = Array(repeating: 0, count: all.x.images)
            for (index, block) in outputs.enumerated() {
                // SAFETY: the bias has 16 floats for every output block; the plane holds pixels · 16.
                let (bias, plane) = unsafe (
                    all.weights.bias.base + block * BlockedMaps.lanes, sum.plane(block: index)
                )
                for pixel in 0..<sum.pixels {
                    unsafe (plane + pixel * BlockedMaps.lanes).update(from: bias, count: BlockedMaps.lanes)
                }
            }
        }

        /// Computes what a block of channels of the base adds to every sum.
        func computeSummand(_ block: Int) {
            let whole = rectangle(source: 0, destination: block * summands.imageStep)
            run(job(block, reading: channels(of: block), of: all.base, into: summands, block: 0, [whole]))
        }

        /// Takes the next block of channels into all sums, and finishes those of images that have no further one of their
        /// own, while they are in the cache.
        mutating func take(_ block: Int) {
            let places = all.firstPlace[block]..<all.firstPlace[block + 1]
            let (fresh, others) = (
                places.filter { taken[all.x.places[$0].image] == 0 },
                places.filter { taken[all.x.places[$0].image] > 0 }
            )
            for place in others { catchUp(all.x.places[place].image, to: block, isLast: false) }
            convolve(fresh, block, adding: sum, isShared: true)
            convolve(others, block, adding: all.result.planes, isShared: false)
            for place in places {
                let image = all.x.places[place].image
                taken[image] = block + 1
                if all.lastPlace[image] == place { catchUp(image, to: all.x.base.blocks, isLast: true) }
            }
            // SAFETY: both have as many floats an image.
            unsafe table.loops.pointee.add_parts(
                summands.plane(image: block), 0, 1, sum.plane(), sum.imageFloats, -.infinity, .infinity)
        }

        /// Gives the images that have no block of their own the base's sum.
        func finish() {
            for image in 0..<all.x.images where taken[image] == 0 {
                catchUp(image, to: all.x.base.blocks, isLast: true)
            }
            withExtendedLifetime((all.result, summands, sum, zero)) {}
        }

        /// Adds the base's summands from the last block of its own on to the image's sum.
        private func catchUp(_ image: Int, to end: Int, isLast: Bool) {
            let result = all.result.planes
            let first = taken[image]
            let bounds: (low: Float, high: Float) = isLast ? all.tail.bounds : (-.infinity, .infinity)
            for (index, block) in outputs.enumerated() {
                // SAFETY: the rows lie together in the plane, and the sum and each summand have one plane of as many.
                let target =
                    unsafe result.plane(image: image, block: block)
                    + rows.lowerBound * result.width * BlockedMaps.lanes
                if first == 0 { unsafe target.update(from: sum.plane(block: index), count: sum.planeFloats) }
                let number = first == 0 ? 0 : end - first
                unsafe table.loops.pointee.add_parts(
                    summands.plane(image: number == 0 ? 0 : first, block: index), summands.imageStep, number, target,
                    sum.planeFloats, bounds.low, bounds.high)
            }
        }

        /// The sums of images with this block of their own: the block's summand, and what is added to it.
        private func convolve(_ places: [Int], _ block: Int, adding addend: MapPlanes, isShared: Bool) {
            if places.isEmpty { return }
            let result = all.result.planes
            let start = rows.lowerBound * result.width * BlockedMaps.lanes
            let rectangles = places.map { place in
                let to = all.x.places[place].image * result.imageStep + start
                return rectangle(source: place * all.own.imageStep, destination: to, addend: isShared ? 0 : to)
            }
            // Each of their own blocks is an image of that one block.
            let channels = 0..<channels(of: block).count
            var job = job(block, reading: channels, of: all.own, into: result, block: outputs.lowerBound, rectangles)
            // SAFETY: the addend's planes hold the rows at the rectangles' places, as the destination's do.
            unsafe job.parameters.addend = UnsafePointer(addend.plane(block: isShared ? 0 : outputs.lowerBound))
            unsafe job.parameters.addend_block = addend.planeFloats
            run(job)
        }

        private func rectangle(source: Int, destination: Int, addend: Int = 0) -> sb_rectangle {
            let row = rows.lowerBound * all.weights.geometry.strideY * all.base.width * BlockedMaps.lanes
            return sb_rectangle(
                rows: rows.count, columns: all.result.width, source: source + row, destination: destination,
                addend: addend)
        }

        private func channels(of block: Int) -> Range<Int> {
            block * BlockedMaps.lanes..<min(all.x.base.channels, (block + 1) * BlockedMaps.lanes)
        }

        private func run(_ job: ConvolutionJob) {
            job.compute(0..<job.pixels, 0..<outputs.count, table)
        }

        /// A convolution of one block of channels, wherever they are, into blocks of the result from `target` on.
        private func job(
            _ block: Int, reading channels: Range<Int>, of source: MapPlanes, into result: MapPlanes, block target: Int,
            _ rectangles: [sb_rectangle]
        ) -> ConvolutionJob {
            let (geometry, bank) = (all.weights.geometry, all.bank)
            let lanes = BlockedMaps.lanes
            let taps = bank.rows.count * bank.columns.count
            let span = bank.spans[0]
            // SAFETY: the blocks before this one are whole, so that its weights begin after as many of theirs.
            var job = unsafe ConvolutionJob(
                reading: channels, of: source,
                weights: bank.storage.base + outputs.lowerBound * span.blockFloats + block * taps * lanes * lanes,
                bias: zero.base, into: result, block: target, rectangles: rectangles, blocks: outputs.count,
                taps: (bank.rows.count, bank.columns.count))
            unsafe job.parameters.source_row = geometry.strideY * source.width * source.lanes
            unsafe job.parameters.source_column = geometry.strideX * source.lanes
            unsafe job.parameters.tap_row = geometry.dilationY * source.width * source.lanes
            unsafe job.parameters.tap_column = geometry.dilationX * source.lanes
            unsafe job.parameters.weights_block = span.blockFloats
            unsafe job.parameters.is_narrow = false
            return job
        }
    }
}
