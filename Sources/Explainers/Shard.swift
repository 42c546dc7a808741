/// A range of the items of a sweep: positions of a patch, removals of feature maps, projections.
public struct Shard: Hashable, Codable, Sendable {
    /// The index of the first item.
    public let first: Int
    /// The number of items, at least 1.
    public let count: Int

    /// A shard of `count` items from the one at index `first`.
    public init(first: Int, count: Int) {
        precondition(first >= 0 && count >= 1, "a shard of \(count) items from \(first)")
        self.first = first
        self.count = count
    }

    /// The indices of its items.
    public var items: Range<Int> { first..<first + count }
}

extension Shard {
    /// Shards of at most `size` items each that together hold the items `0..<items`.
    package static func plan(items: Int, size: Int) -> [Shard] {
        precondition(items >= 1 && size >= 1, "a plan of \(items) items in shards of \(size)")
        return stride(from: 0, to: items, by: size).map { Shard(first: $0, count: min(size, items - $0)) }
    }

    /// Shards of the images of a set: as many each as take about a tenth of a second, so that progress can be told; 16 at
    /// most.
    static func plan(images: Int, multiplyAddsOfEach: Int) -> [Shard] {
        plan(items: images, size: min(16, max(1, 10_000_000_000 / max(1, multiplyAddsOfEach))))
    }

    /// The number of items that makes a shard of at most 50 ms and bounded memory, or of a part of it of less work.
    ///
    /// It depends on the network alone, never on the machine or its load, so that every machine makes the same plan. The
    /// rate assumed, 70 billion multiply-adds a second, is what sweeps reach on two cores with AVX-512 at their slowest;
    /// `workPerItem` counts layers in tiles as what takes as long without. Even numbers share out well among threads.
    static func size(workPerItem: Int, bytesPerItem: Int, work: Int = 3_500_000_000) -> Int {
        let byTime = work / max(1, workPerItem)
        let byMemory = (32 << 20) / max(1, bytesPerItem)
        let items = min(byTime, byMemory, 64)
        return items < 2 ? 1 : items - items % 2
    }

    /// Ranges of at most `most` items that together are `0..<items`, as equal as they can be if all but the last hold even
    /// numbers, where more than one is allowed.
    package static func even(_ items: Int, most: Int) -> [Range<Int>] {
        let unit = most < 2 ? 1 : 2
        let units = (items + unit - 1) / unit
        let parts = (units + most / unit - 1) / (most / unit)
        return (0..<parts).map { part in
            min(items, units * part / parts * unit)..<min(items, units * (part + 1) / parts * unit)
        }
    }
}

/// A partial result that knows which items it holds.
protocol ShardResult: Sendable {
    var shard: Shard { get }
}

extension Array where Element: ShardResult {
    /// The results in the order of their items, which must be exactly `0..<items`.
    func inOrder(items: Int) -> [Element] {
        let sorted = self.sorted { $0.shard.first < $1.shard.first }
        var next = 0
        for result in sorted {
            precondition(result.shard.first == next, "item \(next) is missing or twice at \(result.shard)")
            next = result.shard.items.upperBound
        }
        precondition(next == items, "\(next) of \(items) items were handed in")
        return sorted
    }
}
