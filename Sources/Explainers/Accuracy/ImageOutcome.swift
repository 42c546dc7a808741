/// What a network answers about one labelled image.
///
/// There is one for each image and removal, so it is 32 bits: the class, then two bits.
struct ImageOutcome: Hashable, Sendable {
    /// What it is kept as.
    let packed: Int32

    /// The outcome that ``packed`` made this of.
    init(packed: Int32) { self.packed = packed }

    /// The class with the largest logit; the lowest on a tie.
    var topClass: Int { Int(packed >> 2) }
    /// Whether that is a right answer.
    var isTop1: Bool { packed & 1 != 0 }
    /// Whether a right answer is among the five with the largest logits.
    var isTop5: Bool { packed & 2 != 0 }

    /// The outcome where these classes are right, from a row of the network's outputs.
    init(_ outputs: ClassOutputs, image: Int, right: [Int]) {
        let logits = outputs.row(image, of: .logit)
        let rank = right.map { Self.rank(of: $0, in: logits) }.min() ?? .max
        packed = Int32(logits.indexOfMaximum()) << 2 | (rank < 5 ? 2 : 0) | (rank == 0 ? 1 : 0)
    }

    /// How many classes come before this one: those with larger logits and, of those with the same, the lower ones.
    private static func rank(of classIndex: Int, in logits: ArraySlice<Float>) -> Int {
        let own = logits[logits.startIndex + classIndex]
        var rank = 0
        for (index, logit) in logits.enumerated() where logit > own || logit == own && index < classIndex { rank += 1 }
        return rank
    }
}
