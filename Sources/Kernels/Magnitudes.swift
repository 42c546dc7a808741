import CKernels
public import Tensors

// SAFETY: the rows are those of a tensor that is alive for as long as anything here reads them.

/// The magnitudes of values in order.
public enum Magnitudes {
    /// The magnitude that one in `share` of the values that are not zero exceeds at most: the nearest rank; 0 where all are
    /// zero, nil if one is not finite.
    ///
    /// The values are [C, H, W], zero outside the rectangle of each map. Takes time linear in the size of the rectangle, as
    /// long as few values have nearly the magnitude sought.
    public static func exceeded(byOneIn share: Int, of values: Tensor, in rectangle: MapRectangle) -> Float? {
        let shape = values.shape
        precondition(
            share >= 1 && shape.rank == 3
                && MapRectangle(rows: 0..<shape[1], columns: 0..<shape[2]).contains(rectangle),
            "\(rectangle) of values of shape \(shape)")
        if rectangle.isEmpty { return 0 }
        // SAFETY: the rectangle lies within each of the maps, which are alive during the call.
        return unsafe values.withUnsafeValues { values in
            guard let base = values.baseAddress else { return 0 }
            let start = rectangle.rows.lowerBound * shape[2] + rectangle.columns.lowerBound
            let maps = unsafe (0..<shape[0]).map { channel in
                unsafe sb_rows(
                    first: base + channel * shape[1] * shape[2] + start, rows: rectangle.rows.count,
                    columns: rectangle.columns.count, step: shape[2])
            }
            return unsafe exceeded(byOneIn: share, of: maps)
        }
    }

    /// More than are wanted may be sorted, but not many.
    private static let mostMore = 512

    private static func exceeded(byOneIn share: Int, of maps: [sb_rows]) -> Float? {
        var (largest, nonzero) = (UInt32(0), 0)
        // SAFETY: the rows are alive, as the caller sees to.
        for index in unsafe maps.indices {
            var map = unsafe maps[index]
            var count = 0
            largest = unsafe max(largest, sb_largest_magnitude(&map, &count))
            nonzero += count
        }
        if largest >= Float.infinity.bitPattern { return nil }
        if nonzero == 0 { return 0 }
        let rank = nonzero / share + 1
        let least = unsafe bound(rank: rank, largest, maps)
        let count = unsafe number(ofAtLeast: least, maps)
        // SAFETY: each call writes as many as were counted for its map, and one more, which the next overwrites.
        let found = unsafe [UInt32](unsafeUninitializedCapacity: count + 1) { buffer, length in
            guard let base = buffer.baseAddress else { return }
            for index in unsafe maps.indices {
                var map = unsafe maps[index]
                length += unsafe sb_collect_magnitudes(&map, least, base + length)
            }
        }
        return Float(bitPattern: found.sorted(by: >)[rank - 1])
    }

    /// Bits that `rank` magnitudes reach, and few more: they are halved until enough do, and then bisected.
    private static func bound(rank: Int, _ largest: UInt32, _ maps: [sb_rows]) -> UInt32 {
        let half: UInt32 = 1 << 23
        var (low, high) = (largest, largest + 1)
        var count = unsafe number(ofAtLeast: low, maps)
        while count < rank {
            high = low
            low = low > half ? low - half : 1
            count = unsafe number(ofAtLeast: low, maps)
        }
        while count > rank + mostMore && high - low > 1 {
            let middle = low + (high - low) / 2
            let reached = unsafe number(ofAtLeast: middle, maps)
            if reached >= rank { (low, count) = (middle, reached) } else { high = middle }
        }
        return low
    }

    private static func number(ofAtLeast least: UInt32, _ maps: [sb_rows]) -> Int {
        // SAFETY: the rows are alive, as the caller sees to.
        unsafe maps.reduce(0) { sum, map in
            var map = unsafe map
            return unsafe sum + sb_count_magnitudes(&map, least)
        }
    }
}
