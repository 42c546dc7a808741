public import Models

/// Images of which it is known what is to be seen in them.
///
/// An image is asked for by its index, as often as it is needed, and is the same each time.
public protocol LabelledImages: Sendable {
    /// How many there are.
    var count: Int { get }

    /// The classes that are right answers for an image: one, or several where several are to be seen.
    func classes(of index: Int) -> [Int]

    /// An image as the network takes it.
    ///
    /// Throws what is wrong with it, or with the place where it is kept.
    func input(_ index: Int) throws -> PreparedInput
}
