import CKernels

/// Which chains of input channels of a convolution by tiles have blocks of their own, image by image.
struct ReplacedChains: Sendable {
    /// The blocks of its own that an image has in one chain.
    struct Change: Sendable {
        let image: Int
        /// The first of them, counted from the chain's first block; and a bit for each block of the chain from there on.
        let firstBlock: Int
        let replaced: UInt32
        /// Where they are among all blocks in the order of ``ReplacedChains/order``.
        let slot: Int
        /// Whether it is the image's first chain with such blocks; and the next one, or how many chains there are.
        var isFirst = true
        var next: Int
        /// The image among those of its group; nil where it has only this chain, so that nothing is to be kept.
        var kept: Int?
    }

    /// Changes of images that are followed together, by chain; those with the same first block behind each other.
    typealias Group = [[Change]]

    /// The indices of all places, image by image, rising by block.
    let order: [Int]
    let groups: [Group]
    /// The images without a block of their own.
    let unchanged: [Int]

    /// Images of several chains that are followed together: their sums are kept from chain to chain.
    static let keptTogether = 8

    /// The changes of images with these places among so many chains.
    init(_ places: [ReplacedBlocks.Place], images: Int, chains: Int) {
        let order = places.indices.sorted {
            (places[$0].image, places[$0].block) < (places[$1].image, places[$1].block)
        }
        var changes = Array(repeating: [(chain: Int, change: Change)](), count: images)
        let blocks = Int(SB_TILE_CHAIN) / BlockedMaps.lanes
        var slot = 0
        while slot < order.count {
            let (image, chain) = (places[order[slot]].image, places[order[slot]].block / blocks)
            let first = places[order[slot]].block
            var (end, replaced) = (slot, UInt32(0))
            while end < order.count, case let place = places[order[end]], place.image == image,
                place.block / blocks == chain
            {
                replaced |= 1 << UInt32(place.block - first)
                end += 1
            }
            if let last = changes[image].indices.last { changes[image][last].change.next = chain }
            let change = Change(
                image: image, firstBlock: first % blocks, replaced: replaced, slot: slot,
                isFirst: changes[image].isEmpty, next: chains)
            changes[image].append((chain, change))
            slot = end
        }
        self.order = order
        groups = Self.groups(changes, chains: chains)
        unchanged = changes.indices.filter { changes[$0].isEmpty }
    }

    /// All images with one chain, and some with several at a time.
    private static func groups(_ changes: [[(chain: Int, change: Change)]], chains: Int) -> [Group] {
        let several = changes.filter { $0.count > 1 }
        var groups = [Group(repeating: [], count: chains)]
        for image in changes where image.count == 1 { groups[0][image[0].chain].append(image[0].change) }
        for (index, image) in several.enumerated() {
            if index % keptTogether == 0 { groups.append(Group(repeating: [], count: chains)) }
            for part in image {
                var change = part.change
                change.kept = index % keptTogether
                groups[groups.count - 1][part.chain].append(change)
            }
        }
        return groups.map { group in
            group.map { $0.sorted { ($0.firstBlock, $0.image) < ($1.firstBlock, $1.image) } }
        }
    }
}
