/// How often two answers about the same images are right: the four cells of a paired table.
public struct PairedCounts: Hashable, Sendable {
    /// Images on which both are right.
    public var both: Int
    /// Images on which the first alone is right.
    public var firstOnly: Int
    /// Images on which the second alone is right.
    public var secondOnly: Int
    /// Images on which both are wrong.
    public var neither: Int

    /// Counts of these cells; nothing counted unless told.
    public init(both: Int = 0, firstOnly: Int = 0, secondOnly: Int = 0, neither: Int = 0) {
        self.both = both
        self.firstOnly = firstOnly
        self.secondOnly = secondOnly
        self.neither = neither
    }

    /// How many images there are.
    public var images: Int { both + firstOnly + secondOnly + neither }

    /// Counts an image.
    mutating func count(first: Bool, second: Bool) {
        switch (first, second) {
        case (true, true): both += 1
        case (true, false): firstOnly += 1
        case (false, true): secondOnly += 1
        case (false, false): neither += 1
        }
    }
}

/// The difference of two shares of the same images, with its 95 % confidence interval.
public struct PairedDifference: Hashable, Sendable {
    /// The first share minus the second, −1 … 1.
    public let value: Double
    /// Where the interval begins, from −1.
    public let low: Double
    /// Where it ends, to 1.
    public let high: Double
}

extension PairedCounts {
    /// The share of images on which the first is right minus that of the second, with the square-and-add interval of
    /// Newcombe for paired data (Statistics in Medicine 17 (1998), 2635–2650, method 10, with its continuity correction
    /// of φ).
    ///
    /// Wald's interval has no width where no answer changes, which is what most removals of one map give; this one is as
    /// wide there as so few images leave it. Without images it is −1 … 1 around 0.
    public var difference: PairedDifference {
        guard images > 0 else { return PairedDifference(value: 0, low: -1, high: 1) }
        let total = Double(images)
        let value = Double(firstOnly - secondOnly) / total
        let first = WilsonInterval(count: both + firstOnly, of: images)
        let second = WilsonInterval(count: both + secondOnly, of: images)
        let below = { (a: Double, b: Double) in (a * a - 2 * phi * a * b + b * b).squareRoot() }
        return PairedDifference(
            value: value,
            low: max(-1, value - below(first.share - first.low, second.high - second.share)),
            high: min(1, value + below(first.high - first.share, second.share - second.low)))
    }

    /// The correlation of the two answers, corrected for continuity where it is positive.
    private var phi: Double {
        let (a, b, c, d) = (Double(both), Double(firstOnly), Double(secondOnly), Double(neither))
        let product = (a + b) * (c + d) * (a + c) * (b + d)
        guard product > 0 else { return 0 }
        let excess = a * d - b * c
        let corrected = excess > 0 ? max(0, excess - Double(images) / 2) : excess
        return corrected / product.squareRoot()
    }
}

/// The 95 % score interval of one share (Wilson, 1927).
private struct WilsonInterval {
    let share: Double
    let low: Double
    let high: Double

    init(count: Int, of images: Int) {
        // The 97.5th percentile of the normal distribution.
        let z = 1.959963984540054
        let (hits, n) = (Double(count), Double(images))
        share = hits / n
        let middle = 2 * hits + z * z
        let spread = z * (z * z + 4 * hits * (1 - share)).squareRoot()
        low = max(0, (middle - spread) / (2 * (n + z * z)))
        high = min(1, (middle + spread) / (2 * (n + z * z)))
    }
}
