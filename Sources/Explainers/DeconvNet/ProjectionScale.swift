package import Tensors

extension Projection {
    /// The magnitude that pictures show as black and white: of the values that are not zero, one in a thousand is larger
    /// at most (the nearest rank of the 99.9th percentile); 0 where all are zero, nil if one is not finite.
    ///
    /// The largest of all is often several times the rest, and would leave a deep projection almost grey. Takes time
    /// linear in the number of values: magnitudes are counted by the upper half of their bits, which order as they do, and
    /// only those of one class are sorted.
    package static func scale(of values: Tensor) -> Float? {
        var counts = [Int](repeating: 0, count: 1 << 16)
        var nonzero = 0
        for value in values.values where value != 0 {
            guard value.isFinite else { return nil }
            counts[Int(value.magnitude.bitPattern >> 16)] += 1
            nonzero += 1
        }
        guard nonzero > 0 else { return 0 }
        // How many are larger than the one sought, and how many of them lie in the classes above its own.
        let larger = nonzero / 1000
        var upper = counts.count - 1
        var above = 0
        while above + counts[upper] <= larger {
            above += counts[upper]
            upper -= 1
        }
        let alike = values.values.lazy.map(\.magnitude).filter { $0 != 0 && Int($0.bitPattern >> 16) == upper }
        return alike.sorted(by: >)[larger - above]
    }
}
