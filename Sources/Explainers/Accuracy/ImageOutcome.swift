/// What a network answers about one labelled image.
struct ImageOutcome: Hashable, Sendable {
    /// The class with the largest logit; the lowest on a tie.
    let topClass: Int
    /// Whether that is a right answer.
    let isTop1: Bool
    /// Whether a right answer is among the five with the largest logits.
    let isTop5: Bool

    /// The outcome where these classes are right, from a row of the network's outputs.
    init(_ outputs: ClassOutputs, image: Int, right: [Int]) {
        let logits = outputs.row(image, of: .logit)
        topClass = logits.indexOfMaximum()
        let rank = right.map { Self.rank(of: $0, in: logits) }.min() ?? .max
        (isTop1, isTop5) = (rank == 0, rank < 5)
    }

    /// How many classes come before this one: those with larger logits and, of those with the same, the lower ones.
    private static func rank(of classIndex: Int, in logits: ArraySlice<Float>) -> Int {
        let own = logits[logits.startIndex + classIndex]
        var rank = 0
        for (index, logit) in logits.enumerated() where logit > own || logit == own && index < classIndex { rank += 1 }
        return rank
    }
}

extension ImageOutcome {
    /// The outcome in 32 bits: the class, then two bits.
    var packed: Int32 { Int32(topClass) << 2 | (isTop5 ? 2 : 0) | (isTop1 ? 1 : 0) }

    /// The outcome that ``packed`` made this of.
    init(packed: Int32) {
        topClass = Int(packed >> 2)
        isTop5 = packed & 2 != 0
        isTop1 = packed & 1 != 0
    }
}
