internal import Tensors

/// How near an answer must come to the reference, and why not nearer: both sides round 32-bit sums, in different orders.
struct ReferenceTolerance {
    /// Of the largest expected magnitude: what rounding adds up to over the layers of the deepest case.
    static let relative: Float = 1e-5
    /// Absolute, for probabilities.
    static let probability: Float = 1e-5
    /// Of differences of two logits or probabilities, each within the tolerance above.
    static let difference: Float = 2e-5

    /// Nil, or how `found` differs from `expected` by more than `share` of the largest expected magnitude.
    static func problem(_ what: String, _ found: [Float], _ expected: [Float], share: Float = relative) -> String? {
        let scale = max(1e-12, expected.reduce(0) { max($0, abs($1)) })
        return problem(what, found, expected, within: share * scale)
    }

    /// Nil, or how `found` differs from `expected` by more than `bound`.
    static func problem(_ what: String, _ found: [Float], _ expected: [Float], within bound: Float) -> String? {
        guard found.count == expected.count else { return "\(what): \(found.count) values, \(expected.count) expected" }
        var worst: (index: Int, distance: Float) = (0, 0)
        for (index, pair) in zip(found, expected).enumerated() {
            let distance = abs(pair.0 - pair.1)
            guard !distance.isNaN else { return "\(what)[\(index)] is \(pair.0), expected \(pair.1)" }
            if distance > worst.distance { worst = (index, distance) }
        }
        guard worst.distance > bound else { return nil }
        return "\(what)[\(worst.index)] is \(found[worst.index]), expected \(expected[worst.index]) ± \(bound)"
    }

    /// As `problem`, for the projections of the large network, where a dozen of 270,000 pooling windows are so near a tie
    /// that rounding may choose either: relative L2 distance below 1e-3, and 99.9 % of the values within `relative`.
    static func problemNearTies(_ what: String, _ found: [Float], _ expected: [Float]) -> String? {
        guard found.count == expected.count else { return "\(what): \(found.count) values, \(expected.count) expected" }
        let scale = max(1e-12, expected.reduce(0) { max($0, abs($1)) })
        var squares: (difference: Double, expected: Double) = (0, 0)
        var outside = 0
        for (one, other) in zip(found, expected) {
            squares.difference += Double(one - other) * Double(one - other)
            squares.expected += Double(other) * Double(other)
            if !(abs(one - other) <= relative * scale) { outside += 1 }
        }
        let distance = (squares.difference / max(1e-24, squares.expected)).squareRoot()
        guard !(distance < 1e-3) || outside * 1000 >= found.count else { return nil }
        return "\(what): relative L2 distance \(distance), \(outside) of \(found.count) values outside \(relative)"
    }
}
