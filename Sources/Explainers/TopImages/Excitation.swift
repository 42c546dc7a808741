import Networks

/// How far one image excites a feature map, and where.
struct Excitation: Hashable, Sendable {
    /// The image's index in the set.
    let image: Int
    /// The unit with the largest activation; the first in row-major order on a tie.
    let unit: UnitPosition
    /// Its activation, above 0.
    let activation: Float
}

extension [Excitation] {
    /// How many images of a map are kept, as in figure 2 of Zeiler & Fergus.
    static var mostImages: Int { 9 }

    /// The strongest nine of these and of others, each with images of its own: the larger activation first, then the lower
    /// index; the same in whatever order they come together.
    func joined(with others: [Excitation]) -> [Excitation] {
        let all = (self + others).sorted { ($1.activation, $0.image) < ($0.activation, $1.image) }
        return Array(all.prefix(Self.mostImages))
    }
}
