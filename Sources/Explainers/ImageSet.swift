public import Models

/// Images, each asked for by its index, as often as it is needed; it is the same each time.
public protocol ImageSet: Sendable {
    /// How many there are.
    var count: Int { get }

    /// An image as the network takes it.
    ///
    /// Throws what is wrong with it, or with the place where it is kept.
    func input(_ index: Int) throws -> PreparedInput
}

/// Images of which it is known what is to be seen in them.
public protocol LabelledImages: ImageSet {
    /// The classes that are right answers for an image: one, or several where several are to be seen.
    func classes(of index: Int) -> [Int]
}
