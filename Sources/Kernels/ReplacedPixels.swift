import CKernels
import Tensors

/// The positions at which some images that are like one image have blocks of channels of their own.
///
/// A block that a place gives the base's bits at a position is not counted there.
struct ReplacedPixels: Sendable {
    /// Neighbouring blocks that are replaced.
    struct Run: Equatable {
        var blocks: Range<Int>
        /// Whether they have nothing but zeros, which add nothing to a sum.
        let isZero: Bool
    }

    /// Positions at which the same blocks are replaced.
    struct Group {
        /// Their numbers.
        let entries: Range<Int>
        /// The blocks.
        let runs: [Run]
        /// How many blocks these are.
        let blocks: Int
        /// Where their values begin in `values`, in floats: [position][block][16].
        let offset: Int
    }

    /// The images looked at.
    let images: Range<Int>
    /// Rising by the first block.
    let groups: [Group]
    /// The position of each entry in its map.
    let pixels: [Int]
    /// The replaced positions of each image, rising, from `firstOfImage[image − images.lowerBound]` on.
    let pixelsOfImages: [Int32]
    /// The entry of each of these.
    let entriesOfImages: [Int32]
    /// An element for each image, and the end.
    let firstOfImage: [Int]
    /// The values of the blocks replaced, by group.
    let values: MapStorage

    /// All images of `x`, as many at a time as have about so many positions of their own, one image at least.
    static func parts(of x: ReplacedBlocks, most: Int, _ context: KernelContext) -> [ReplacedPixels] {
        var places = Array(repeating: [Int](), count: x.images)
        for (index, place) in x.places.enumerated() { places[place.image].append(index) }
        var parts: [ReplacedPixels] = []
        var image = 0
        while image < x.images {
            var collection = Collection(x, from: image)
            while image < x.images && collection.count < most {
                collection.add(places[image])
                image += 1
            }
            parts.append(collection.finished(context))
        }
        return parts
    }
}

/// Positions being collected, image by image.
private struct Collection {
    private struct Entry {
        let pixel: Int
        /// The number that the position has in its group, and the group's.
        let (group, number): (Int, Int)
        /// Where in `places` those stand that give its blocks.
        let places: Range<Int>
    }

    private let x: ReplacedBlocks
    private let first: Int
    private var entries: [Entry] = []
    /// The places of all entries, by their numbers in `ReplacedBlocks.places`.
    private var places: [Int] = []
    private var firstOfImage = [0]
    /// Groups by the blocks of their positions: twice the number of each, and 1 more if it is zero.
    private var groupOfKey: [[Int]: Int] = [:]
    private var keyOfGroup: [[Int]] = []
    private var sizeOfGroup: [Int] = []

    init(_ x: ReplacedBlocks, from image: Int) {
        (self.x, first) = (x, image)
    }

    var count: Int { entries.count }

    /// Takes the next image, which has these places, rising by block.
    mutating func add(_ image: [Int]) {
        var key: [Int] = []
        for pixel in 0..<x.base.planes.pixels where !image.isEmpty {
            let start = places.count
            key.removeAll(keepingCapacity: true)
            for place in image where !isSame(place, pixel) {
                places.append(place)
                key.append(2 * x.places[place].block + (isZero(place, pixel) ? 1 : 0))
            }
            if key.isEmpty { continue }
            let group = group(of: key)
            entries.append(
                Entry(pixel: pixel, group: group, number: sizeOfGroup[group], places: start..<places.count))
            sizeOfGroup[group] += 1
        }
        firstOfImage.append(entries.count)
    }

    private mutating func group(of key: [Int]) -> Int {
        if let last = entries.last, keyOfGroup[last.group] == key { return last.group }
        if let found = groupOfKey[key] { return found }
        groupOfKey[key] = keyOfGroup.count
        keyOfGroup.append(key)
        sizeOfGroup.append(0)
        return keyOfGroup.count - 1
    }

    /// The channels that a place has.
    private func channels(_ place: Int) -> Int {
        min(BlockedMaps.lanes, x.base.channels - x.places[place].block * BlockedMaps.lanes)
    }

    /// Whether a place has the base's bits at a position.
    private func isSame(_ place: Int, _ pixel: Int) -> Bool {
        // SAFETY: both planes have pixels · 16 floats, and no more than 16 are compared.
        unsafe sb_same_bits(
            x.maps.planes.plane(image: place) + pixel * BlockedMaps.lanes,
            x.base.planes.plane(block: x.places[place].block) + pixel * BlockedMaps.lanes, channels(place))
    }

    /// Whether a place has nothing but zeros at a position; where it does not have all lanes that is left open.
    private func isZero(_ place: Int, _ pixel: Int) -> Bool {
        // SAFETY: the plane has pixels · 16 floats.
        unsafe channels(place) == BlockedMaps.lanes
            && sb_count_nonzero(x.maps.planes.plane(image: place) + pixel * BlockedMaps.lanes, 1) == 0
    }

    func finished(_ context: KernelContext) -> ReplacedPixels {
        let lanes = BlockedMaps.lanes
        var groups: [ReplacedPixels.Group] = []
        var (next, offset) = (0, 0)
        var order = Array(repeating: 0, count: keyOfGroup.count)
        for group in keyOfGroup.indices.sorted(by: { keyOfGroup[$0][0] < keyOfGroup[$1][0] }) {
            let (key, size) = (keyOfGroup[group], sizeOfGroup[group])
            order[group] = groups.count
            groups.append(
                ReplacedPixels.Group(
                    entries: next..<next + size, runs: Self.runs(key), blocks: key.count, offset: offset))
            next += size
            offset += size * key.count * lanes
        }
        let values = MapStorage(count: offset, from: context.buffers)
        var pixels = Array(repeating: 0, count: entries.count)
        var numbers: [Int32] = []
        numbers.reserveCapacity(entries.count)
        for entry in entries {
            let group = groups[order[entry.group]]
            let number = group.entries.lowerBound + entry.number
            pixels[number] = entry.pixel
            numbers.append(Int32(number))
            for (index, place) in entry.places.enumerated() {
                // SAFETY: the plane has pixels · 16 floats; the storage has room for each group's positions and blocks.
                unsafe (values.floats.base + group.offset + (entry.number * group.blocks + index) * lanes)
                    .update(from: x.maps.planes.plane(image: places[place]) + entry.pixel * lanes, count: lanes)
            }
        }
        withExtendedLifetime((x, values)) {}
        return ReplacedPixels(
            images: first..<first + firstOfImage.count - 1, groups: groups, pixels: pixels,
            pixelsOfImages: entries.map { Int32($0.pixel) }, entriesOfImages: numbers, firstOfImage: firstOfImage,
            values: values)
    }

    /// The blocks of a key as runs of neighbours that are zero or are not.
    private static func runs(_ key: [Int]) -> [ReplacedPixels.Run] {
        var runs: [ReplacedPixels.Run] = []
        for number in key {
            let (block, isZero) = (number / 2, number % 2 == 1)
            if let last = runs.last, last.blocks.upperBound == block, last.isZero == isZero {
                runs[runs.count - 1].blocks = last.blocks.lowerBound..<block + 1
            } else {
                runs.append(ReplacedPixels.Run(blocks: block..<block + 1, isZero: isZero))
            }
        }
        return runs
    }
}
