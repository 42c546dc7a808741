internal import Kernels

/// The receptive fields of a layer's units along one axis of the input.
package struct FieldAxis: Hashable, Sendable {
    /// Extent of the input along this axis.
    let inputSize: Int
    /// Where the first unit's field begins, the input continued without end.
    let origin: Int
    /// How far a field reaches, the input continued without end.
    package let size: Int
    /// The distance of neighbouring units' fields.
    package let stride: Int
    /// What each unit really sees, clipped at every layer on the way.
    package let ranges: [Range<Int>]
    /// Whether the fields' bounds never go back along the axis.
    private let grows: Bool

    /// The axis of the input itself.
    init(input size: Int) {
        self.init(inputSize: size, origin: 0, size: 1, stride: 1, ranges: (0..<size).map { $0..<$0 + 1 })
    }

    private init(inputSize: Int, origin: Int, size: Int, stride: Int, ranges: [Range<Int>]) {
        (self.inputSize, self.origin, self.size, self.stride, self.ranges) = (inputSize, origin, size, stride, ranges)
        grows = FieldAxis.grow(ranges)
    }

    /// What any unit sees.
    var union: Range<Int> { ranges.reduce(0..<0, FieldAxis.union) }

    /// The axis of a layer of so many units that reads this one.
    func behind(_ reach: LayerReach, vertical: Bool, count: Int) -> FieldAxis {
        switch reach {
        case .position: return self
        case .everything:
            let whole = Array(repeating: 0..<inputSize, count: count)
            return FieldAxis(inputSize: inputSize, origin: 0, size: inputSize, stride: inputSize, ranges: whole)
        case .window(let window):
            let taps =
                vertical
                ? Taps(window.kernelHeight, window.strideY, window.dilationY, window.padTop)
                : Taps(window.kernelWidth, window.strideX, window.dilationX, window.padLeft)
            return FieldAxis(
                inputSize: inputSize,
                origin: FieldAxis.bounded(origin - taps.padding * stride),
                size: FieldAxis.bounded(size + (taps.count - 1) * taps.dilation * stride),
                stride: FieldAxis.bounded(stride * taps.stride),
                ranges: (0..<count).map { seen(by: $0, through: taps) })
        }
    }

    /// The axis of a layer that looks through both.
    func union(_ other: FieldAxis) -> FieldAxis {
        precondition(ranges.count == other.ranges.count, "branches of \(ranges.count) and \(other.ranges.count) units")
        let start = min(origin, other.origin)
        return FieldAxis(
            inputSize: inputSize, origin: start, size: max(origin + size, other.origin + other.size) - start,
            stride: max(stride, other.stride), ranges: zip(ranges, other.ranges).map(FieldAxis.union))
    }

    private struct Taps {
        let count: Int
        let stride: Int
        let dilation: Int
        let padding: Int

        init(_ count: Int, _ stride: Int, _ dilation: Int, _ padding: Int) {
            (self.count, self.stride, self.dilation, self.padding) = (count, stride, dilation, padding)
        }
    }

    /// What a unit sees through its taps.
    ///
    /// Fields mostly grow along the axis; then the first tap that sees anything has the lowest bound and the last the
    /// highest. Taps further apart than the input is long break that order, and all of them have to be asked.
    private func seen(by unit: Int, through taps: Taps) -> Range<Int> {
        let start = unit * taps.stride - taps.padding
        let first = max(0, (-start + taps.dilation - 1) / taps.dilation)
        let last = min(taps.count - 1, start >= ranges.count ? -1 : (ranges.count - 1 - start) / taps.dilation)
        guard first <= last else { return 0..<0 }
        let seen = { (tap: Int) in ranges[start + tap * taps.dilation] }
        guard grows else { return (first...last).reduce(0..<0) { FieldAxis.union($0, seen($1)) } }
        guard let low = (first...last).first(where: { !seen($0).isEmpty }),
            let high = (first...last).last(where: { !seen($0).isEmpty })
        else { return 0..<0 }
        return seen(low).lowerBound..<seen(high).upperBound
    }

    /// Whether no bound of a field that is not empty lies below that of one before it.
    private static func grow(_ ranges: [Range<Int>]) -> Bool {
        let fields = ranges.filter { !$0.isEmpty }
        return zip(fields, fields.dropFirst()).allSatisfy {
            $0.lowerBound <= $1.lowerBound && $0.upperBound <= $1.upperBound
        }
    }

    /// Strides multiply up without end in a hostile file; nothing real comes near this bound.
    private static func bounded(_ value: Int) -> Int { min(max(value, -(1 << 30)), 1 << 30) }

    private static func union(_ a: Range<Int>, _ b: Range<Int>) -> Range<Int> {
        if a.isEmpty { return b }
        if b.isEmpty { return a }
        return min(a.lowerBound, b.lowerBound)..<max(a.upperBound, b.upperBound)
    }
}
