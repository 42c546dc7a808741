/// The row filters of PNG (ISO/IEC 15948, clause 9), chosen by the smallest sum of residues, as signed bytes
/// (12.8 there); the lower filter number wins a tie.
enum PNGFilters {
    /// Every row of `pixels` filtered, its filter's number before it.
    static func filtered(_ pixels: [UInt8], rowBytes: Int, pixelBytes: Int) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(pixels.count + pixels.count / rowBytes)
        var above = [UInt8](repeating: 0, count: rowBytes + pixelBytes)
        var current = above
        var candidates = [[UInt8]](repeating: [UInt8](repeating: 0, count: rowBytes), count: 5)
        for start in stride(from: 0, to: pixels.count, by: rowBytes) {
            // Both rows begin with a pixel of zeros, the neighbour that the first pixel has on its left.
            current.replaceSubrange(pixelBytes..., with: pixels[start..<(start + rowBytes)])
            var best = (filter: 0, cost: Int.max)
            for filter in 0..<5 {
                let cost = apply(filter, current, above, pixelBytes, into: &candidates[filter], giveUpAt: best.cost)
                if cost < best.cost { best = (filter, cost) }
            }
            result.append(UInt8(best.filter))
            result += candidates[best.filter]
            swap(&current, &above)
        }
        return result
    }

    /// Writes the residues of one filter and answers the sum of their magnitudes (or some sum not below `limit`).
    private static func apply(
        _ filter: Int, _ current: [UInt8], _ above: [UInt8], _ pixelBytes: Int, into residues: inout [UInt8],
        giveUpAt limit: Int
    ) -> Int {
        let (current, above) = (current.span, above.span)
        var residues = residues.mutableSpan
        var cost = 0
        for place in residues.indices {
            let here = place + pixelBytes
            let left = current[place]
            let up = above[here]
            let prediction: UInt8 =
                switch filter {
                case 0: 0
                case 1: left
                case 2: up
                case 3: UInt8((Int(left) + Int(up)) >> 1)
                default: paeth(left, up, above[place])
                }
            let residue = current[here] &- prediction
            residues[place] = residue
            cost += Int(Int8(bitPattern: residue).magnitude)
            if cost >= limit { return cost }
        }
        return cost
    }

    /// The neighbour nearest to left + up − corner; on a tie left, then up.
    @inline(__always)
    private static func paeth(_ left: UInt8, _ up: UInt8, _ corner: UInt8) -> UInt8 {
        let estimate = Int(left) + Int(up) - Int(corner)
        let toLeft = abs(estimate - Int(left))
        let toUp = abs(estimate - Int(up))
        let toCorner = abs(estimate - Int(corner))
        if toLeft <= toUp && toLeft <= toCorner { return left }
        return toUp <= toCorner ? up : corner
    }
}
