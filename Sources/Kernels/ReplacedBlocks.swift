import CKernels
import Concurrency

/// Images that are like one image, but for a few blocks of 16 channels that each has of its own.
public struct ReplacedBlocks: Sendable {
    /// A block of channels of one of the images.
    public struct Place: Hashable, Sendable {
        /// The image.
        public let image: Int
        /// The block: channels 16 · block and on.
        public let block: Int

        /// The block of the image.
        public init(image: Int, block: Int) {
            self.image = image
            self.block = block
        }
    }

    /// The maps of one image that all are like.
    public let base: BlockedMaps
    /// How many images there are.
    public let images: Int
    /// What they have of their own: rising by block, no place twice.
    public let places: [Place]
    /// What stands there: an image of 16 channels for each place, with any contents in lanes past the last channel.
    public let maps: BlockedMaps

    /// Images like `base`, the maps of one image, with the maps of the places in theirs; a 16-channel image a place.
    public init(base: BlockedMaps, images: Int, places: [Place], maps: BlockedMaps) {
        precondition(
            base.images == 1 && maps.hasShape(places.count, BlockedMaps.lanes, base.height, base.width),
            "\(maps.shapeText) in \(places.count) places of \(base.shapeText)")
        for place in places {
            precondition(
                (0..<images).contains(place.image) && (0..<base.blocks).contains(place.block),
                "\(place) in \(images) images of \(base.shapeText)")
        }
        precondition(zip(places, places.dropFirst()).allSatisfy { $0.block <= $1.block }, "\(places) do not rise")
        (self.base, self.images, self.places, self.maps) = (base, images, places, maps)
    }

    /// Image `i` of the result has the base's maps but for the channels `removed[i]`, which are exactly 0.
    public init(_ base: BlockedMaps, removing removed: [[Int]], _ context: KernelContext) {
        let lanes = BlockedMaps.lanes
        let places = removed.indices.flatMap { image in
            Set(removed[image].map { $0 / lanes }).map { Place(image: image, block: $0) }
        }.sorted { ($0.block, $0.image) < ($1.block, $1.image) }
        let maps = BlockedMaps(
            images: places.count, channels: lanes, height: base.height, width: base.width, from: context.buffers)
        context.team.forEach(places.count) { index in
            let (block, image) = (places[index].block, places[index].image)
            // SAFETY: both are whole planes of the same size; each place has one of its own.
            unsafe maps.planes.plane(image: index)
                .update(from: base.planes.plane(block: block), count: base.planes.planeFloats)
            for channel in removed[image] where channel / lanes == block {
                maps.clear(lane: channel % lanes, image: index)
            }
        }
        withExtendedLifetime((base, maps)) {}
        self.init(base: base, images: removed.count, places: places, maps: maps)
    }

    /// The images as vectors, like `base`, which is the vector of this base: [images, C · H · W, 1, 1].
    ///
    /// Blocks that have the base's bits are left out.
    public func flattened(base vector: BlockedMaps, _ context: KernelContext) -> ReplacedBlocks {
        let lanes = BlockedMaps.lanes
        precondition(
            vector.hasShape(1, base.channels * base.planes.pixels, 1, 1), "\(base.shapeText) as \(vector.shapeText)")
        let vectors = Flattening.forward(maps, context).planes
        // A block of 16 channels becomes as many blocks as it has pixels.
        let pixels = base.planes.pixels
        var found: [(place: Place, index: Int)] = []
        for (index, place) in places.enumerated() {
            let first = place.block * pixels
            for block in first..<min(vector.blocks, first + pixels) {
                // SAFETY: both are planes of one pixel, 16 floats.
                let isSame = unsafe sb_same_bits(
                    vectors.plane(image: index, block: block - first), vector.planes.plane(block: block), lanes)
                if !isSame { found.append((Place(image: place.image, block: block), index * pixels + block - first)) }
            }
        }
        found.sort { ($0.place.block, $0.place.image) < ($1.place.block, $1.place.image) }
        let result = BlockedMaps(images: found.count, channels: lanes, height: 1, width: 1, from: context.buffers)
        for (image, (_, index)) in found.enumerated() {
            // SAFETY: as above; the blocks of all vectors follow one another.
            unsafe result.planes.plane(image: image)
                .update(from: vectors.plane(image: index / pixels, block: index % pixels), count: lanes)
        }
        withExtendedLifetime((vectors, vector, result)) {}
        return ReplacedBlocks(base: vector, images: images, places: found.map(\.place), maps: result)
    }

    /// The images in full.
    public func whole(_ context: KernelContext) -> BlockedMaps {
        let result = BlockedMaps(
            images: images, channels: base.channels, height: base.height, width: base.width, from: context.buffers)
        var own = Array(repeating: [Int](), count: images)
        for (index, place) in places.enumerated() { own[place.image].append(index) }
        context.team.forEach(images) { [own] image in
            // SAFETY: whole images and planes of one shape are copied; each image is written by one thread.
            unsafe result.planes.plane(image: image)
                .update(from: base.planes.plane(), count: base.planes.imageFloats)
            for index in own[image] {
                unsafe result.planes.plane(image: image, block: places[index].block)
                    .update(from: maps.planes.plane(image: index), count: base.planes.planeFloats)
            }
        }
        withExtendedLifetime((base, maps)) {}
        result.clearUnusedLanes()
        return result
    }
}

extension BlockedMaps {
    /// Clears a lane of the only block of an image.
    fileprivate func clear(lane: Int, image: Int) {
        // SAFETY: the plane holds pixels · 16 floats, and the caller is writing these maps.
        unsafe sb_set_lanes(planes.plane(image: image), lane, lane + 1, planes.pixels, 0)
    }
}
