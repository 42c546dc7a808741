public import Tensors

/// Nil if each value is as near to the expected one as the tolerance says; else where the worst is and how far off.
///
/// A NaN is near to NaN alone, an infinity to itself alone.
public func difference(_ found: [Float], _ expected: [Float], within tolerance: Tolerance) -> String? {
    worst(found, expected, within: tolerance).map { "value \($0.index): \($0.words)" }
}

/// Nil if the shapes are equal and each value is as near to the expected one as the tolerance says; else the fault.
public func difference(_ found: Tensor, _ expected: Tensor, within tolerance: Tolerance) -> String? {
    guard found.shape == expected.shape else { return "shape \(found.shape), not \(expected.shape)" }
    guard let worst = worst(found.values, expected.values, within: tolerance) else { return nil }
    var rest = worst.index
    var index: [Int] = []
    for size in found.shape.dimensions.reversed() {
        index.insert(rest % size, at: 0)
        rest /= size
    }
    return "value \(index): \(worst.words)"
}

/// Nil if the value is as near to the expected one as the tolerance says; else how far off it is.
public func difference(_ found: Float, _ expected: Float, within tolerance: Tolerance) -> String? {
    worst([found], [expected], within: tolerance)?.words
}

/// How many floats two values are apart, 0 and −0 being the same; both must be numbers.
public func ulpDistance(_ left: Float, _ right: Float) -> Int {
    func ordinal(_ value: Float) -> Int {
        let magnitude = Int(value.magnitude.bitPattern)
        return value.sign == .minus ? -magnitude : magnitude
    }
    return abs(ordinal(left) - ordinal(right))
}

private struct Worst {
    let index: Int
    let words: String
}

private func worst(_ found: [Float], _ expected: [Float], within tolerance: Tolerance) -> Worst? {
    guard found.count == expected.count else {
        return Worst(index: min(found.count, expected.count), words: "\(found.count) values, not \(expected.count)")
    }
    let largest = expected.reduce(Float(0)) { $1.magnitude.isFinite ? max($0, $1.magnitude) : $0 }
    let limit = Limit(tolerance, largest: largest)
    var worst: (index: Int, excess: Double)?
    var faults = 0
    for index in found.indices {
        let distance = limit.distance(found[index], expected[index])
        guard distance > limit.allowed else { continue }
        faults += 1
        if distance > worst?.excess ?? -1 { worst = (index, distance) }
    }
    guard let worst else { return nil }
    let (value, wanted) = (found[worst.index], expected[worst.index])
    let words =
        "\(value), not \(wanted): off by \(worst.excess) \(limit.unit), allowed \(limit.allowed)"
        + " (\(faults) of \(found.count) values are too far off; this is the worst)"
    return Worst(index: worst.index, words: words)
}

/// A tolerance for one array: a measure of distance and what it may be at most.
private struct Limit {
    let allowed: Double
    let unit: String
    private let countsFloats: Bool
    private let isExact: Bool

    init(_ tolerance: Tolerance, largest: Float) {
        isExact = tolerance == .exact
        switch tolerance {
        case .exact: (allowed, unit, countsFloats) = (0, "ulps", true)
        case .rounding(let ulps): (allowed, unit, countsFloats) = (Double(ulps), "ulps", true)
        case .reference:
            allowed = Double(Tolerance.referenceFraction) * Double(largest)
            (unit, countsFloats) = ("(largest magnitude \(largest))", false)
        case .relative(let fraction, let reason):
            allowed = Double(fraction) * Double(largest)
            (unit, countsFloats) = ("(largest magnitude \(largest); \(reason))", false)
        case .absolute(let distance, let reason):
            (allowed, unit, countsFloats) = (Double(distance), "(\(reason))", false)
        }
    }

    func distance(_ found: Float, _ expected: Float) -> Double {
        if found.bitPattern == expected.bitPattern || found.isNaN && expected.isNaN { return 0 }
        if found.isNaN || expected.isNaN { return .infinity }
        if countsFloats {
            let ulps = ulpDistance(found, expected)
            return isExact ? Double(max(ulps, 1)) : Double(ulps)
        }
        return found == expected ? 0 : abs(Double(found) - Double(expected))
    }
}
