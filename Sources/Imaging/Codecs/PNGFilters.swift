/// The row filters of PNG (ISO/IEC 15948, clause 9), chosen row by row.
///
/// The filter whose residues, taken as signed bytes, have the smallest sum of magnitudes is taken (12.8 there); the
/// lower number wins a tie.
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
            var best = (filter: 0, cost: Int32.max)
            for filter in 0..<5 {
                let cost = apply(filter, current, above, pixelBytes, into: &candidates[filter])
                if cost < best.cost { best = (filter, cost) }
            }
            result.append(UInt8(best.filter))
            result += candidates[best.filter]
            swap(&current, &above)
        }
        return result
    }

    /// Writes the residues of one filter and answers the sum of their magnitudes.
    private static func apply(
        _ filter: Int, _ current: [UInt8], _ above: [UInt8], _ pixelBytes: Int, into residues: inout [UInt8]
    ) -> Int32 {
        // SAFETY: the buffers live through the call; both rows hold `pixelBytes` more than the residues, so that
        // `place` and `place + pixelBytes` are inside them for every place of the residues.
        unsafe residues.withUnsafeMutableBufferPointer { out in
            unsafe current.withUnsafeBufferPointer { row in
                unsafe above.withUnsafeBufferPointer { up in
                    let shift = pixelBytes
                    return switch filter {
                    case 0: unsafe cost(&out, row, shift) { _ in 0 }
                    case 1: unsafe cost(&out, row, shift) { unsafe row[$0] }
                    case 2: unsafe cost(&out, row, shift) { unsafe up[$0 + shift] }
                    case 3:
                        unsafe cost(&out, row, shift) {
                            UInt8(truncatingIfNeeded: unsafe (UInt16(row[$0]) + UInt16(up[$0 + shift])) >> 1)
                        }
                    default: unsafe cost(&out, row, shift) { unsafe paeth(row[$0], up[$0 + shift], up[$0]) }
                    }
                }
            }
        }
    }

    @inline(__always)
    private static func cost(
        _ residues: inout UnsafeMutableBufferPointer<UInt8>, _ row: UnsafeBufferPointer<UInt8>, _ shift: Int,
        _ prediction: (Int) -> UInt8
    ) -> Int32 {
        var sum: Int32 = 0
        for place in 0..<residues.count {
            // SAFETY: as in `apply`.
            let residue = unsafe row[place + shift] &- prediction(place)
            unsafe residues[place] = residue
            sum &+= Int32(Int8(bitPattern: residue).magnitude)
        }
        return sum
    }

    /// The neighbour nearest to left + up − corner; on a tie left, then up.
    @inline(__always)
    private static func paeth(_ left: UInt8, _ up: UInt8, _ corner: UInt8) -> UInt8 {
        let toLeft = abs(Int16(up) - Int16(corner))
        let toUp = abs(Int16(left) - Int16(corner))
        let toCorner = abs(Int16(left) + Int16(up) - 2 * Int16(corner))
        let upOrCorner = toUp <= toCorner ? up : corner
        return toLeft <= toUp && toLeft <= toCorner ? left : upOrCorner
    }
}
