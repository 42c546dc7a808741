import CKernels
import Tensors

/// One group of output blocks of some tiles of all images, under way on one thread.
@safe
struct TiledPart {
    private let band: TiledBand
    private let outputs: Range<Int>
    private let table: KernelTable
    /// A chain's filters, and then sums of products: each chain's of the base, the base's chain up to some block, its
    /// chains up to one, and those of images.
    private let room: MapStorage
    private let sumFloats: Int
    /// Images whose products are computed together.
    private let together: Int

    /// Tiles whose products are computed together at most, with the same filters.
    private static let tilesTogether = 48

    init(_ band: TiledBand, _ outputs: Range<Int>, _ context: KernelContext) {
        (self.band, self.outputs, table) = (band, outputs, context.table)
        // SAFETY: a number.
        let tiles = unsafe band.parameters.tile_count
        sumFloats = sb_chain_sums(tiles)
        together = max(1, Self.tilesTogether / tiles)
        let images = max(ReplacedChains.keptTogether, together)
        room = MapStorage(
            count: sb_chain_filters() + (band.all.chains + 2 + images) * sumFloats, from: context.buffers)
    }

    private var chains: Int { band.all.chains }

    /// Computes the outputs of all images.
    func compute() {
        for chain in 0..<chains {
            transformFilters(chain)
            run([Job(chain: chain, blocks: 0..<blocks(of: chain), sums: chain)])
        }
        for group in band.all.changes.groups { follow(group) }
        if !band.all.changes.unchanged.isEmpty {
            addUp(chains)
            for image in band.all.changes.unchanged { finish(image, before) }
        }
        withExtendedLifetime((band, room)) {}
    }

    /// The outputs of some images with blocks of their own.
    private func follow(_ group: ReplacedChains.Group) {
        for chain in 0..<chains where !group[chain].isEmpty {
            let changes = group[chain]
            transformFilters(chain)
            if chain > 0 { addUp(chain) }
            var (index, taken) = (0, 0)
            while index < changes.count {
                let first = changes[index].firstBlock
                if taken < first {
                    run([Job(chain: chain, blocks: taken..<first, start: taken > 0 ? partial : nil, sums: partial)])
                    taken = first
                }
                var end = index + 1
                while end < changes.count, end - index < together, changes[end].firstBlock == first { end += 1 }
                take(changes[index..<end], chain)
                index = end
            }
        }
    }

    /// Computes one chain of some images, and the outputs of those that have no further one.
    private func take(_ changes: ArraySlice<ReplacedChains.Change>, _ chain: Int) {
        let jobs = changes.enumerated().map { (offset, change) in
            let sums = chains + 2 + (change.kept ?? offset)
            return Job(
                chain: chain, blocks: change.firstBlock..<blocks(of: chain), own: change,
                start: change.firstBlock > 0 ? partial : nil,
                before: chain == 0 ? nil : change.isFirst ? before : sums, sums: sums)
        }
        run(jobs)
        for (job, change) in zip(jobs, changes) where change.next == chains { finish(change.image, job.sums) }
    }

    /// Products of some blocks of a chain, and which of the room's sums they are added to.
    private struct Job {
        let chain: Int
        let blocks: Range<Int>
        /// An image's own blocks among them; none if they are the base's.
        var own: ReplacedChains.Change?
        /// What the blocks before them came to, and the chains before this one.
        var start: Int?
        var before: Int?
        let sums: Int
    }

    private func run(_ jobs: [Job]) {
        // SAFETY: what is read and written is in the band's inputs and in the room; the filters are the chain's.
        let chains = unsafe jobs.map { unsafe parameters(of: $0) }
        unsafe table.loops.pointee.chain_products(
            room.floats.base, band.parameters.tile_count, outputs.count, chains, chains.count)
    }

    private func parameters(of job: Job) -> sb_tile_chain {
        let lanes = BlockedMaps.lanes
        let first = job.chain * Self.chainBlocks
        let blocks = first + job.blocks.lowerBound..<first + job.blocks.upperBound
        // SAFETY: the base's blocks lie one behind another, and so do an image's own, one for each bit; so do the sums of
        // chains, of which there is one for each behind this one.
        var chain = unsafe sb_tile_chain(
            base: UnsafePointer(band.inputs(blocks.lowerBound)), own: nil, replaced: 0,
            first_block: job.blocks.lowerBound,
            channels: min(band.parameters.channels, blocks.upperBound * lanes) - blocks.lowerBound * lanes,
            start: nil, before: nil, after: UnsafePointer(sums(job.chain + 1)), after_count: 0, sums: sums(job.sums))
        if let own = job.own {
            unsafe chain.own = UnsafePointer(band.inputs(band.all.x.base.blocks + own.slot))
            unsafe chain.replaced = own.replaced
            unsafe chain.after_count = own.next - job.chain - 1
        }
        if let start = job.start { unsafe chain.start = UnsafePointer(sums(start)) }
        if let before = job.before { unsafe chain.before = UnsafePointer(sums(before)) }
        return unsafe chain
    }

    /// Adds the sums of the base's first chains up.
    private func addUp(_ count: Int) {
        // SAFETY: all of these have as many floats.
        unsafe sums(before).update(from: sums(0), count: sumFloats)
        unsafe table.loops.pointee.add_parts(
            sums(1), sumFloats, count - 1, sums(before), sumFloats, -.infinity, .infinity)
    }

    private func transformFilters(_ chain: Int) {
        // SAFETY: the room begins with what a chain's filters take.
        var parameters = unsafe band.parameters
        unsafe table.loops.pointee.chain_filters(
            &parameters, chain * Int(SB_TILE_CHAIN), outputs.lowerBound, outputs.count, room.floats.base)
    }

    /// Writes the outputs of an image.
    private func finish(_ image: Int, _ index: Int) {
        // SAFETY: the tiles' outputs lie within each image of the result.
        var parameters = unsafe band.parameters
        unsafe parameters.destination = band.all.result.planes.plane(image: image)
        unsafe table.loops.pointee.chain_outputs(&parameters, sums(index), outputs.lowerBound, outputs.count)
    }

    /// Of all the sums that there is room for: those of each chain of the base come first.
    private func sums(_ index: Int) -> UnsafeMutablePointer<Float> {
        // SAFETY: behind the filters there is room for all of the sums.
        unsafe room.floats.base + sb_chain_filters() + index * sumFloats
    }
    private var partial: Int { chains }
    private var before: Int { chains + 1 }

    private static let chainBlocks = Int(SB_TILE_CHAIN) / BlockedMaps.lanes

    private func blocks(of chain: Int) -> Int {
        min(Self.chainBlocks, band.all.x.base.blocks - chain * Self.chainBlocks)
    }
}
