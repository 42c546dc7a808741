/// A set whose images can be read.
public struct OpenDataset: Sendable {
    /// Which images.
    public let dataset: Dataset
    private let source: @Sendable (DatasetImage) throws -> [UInt8]

    /// A set whose bytes come from `source`, which throws where they are not there any more.
    public init(_ dataset: Dataset, source: @escaping @Sendable (DatasetImage) throws -> [UInt8]) {
        self.dataset = dataset
        self.source = source
    }

    /// The bytes of an image of the set.
    ///
    /// - Throws: `SwitchbackError.brokenDataset` where they are not there, or have changed since the set was read.
    public func bytes(of image: DatasetImage) throws -> [UInt8] {
        let bytes = try source(image)
        guard ImageInput(recognizing: bytes).sha256 == image.sha256 else {
            throw SwitchbackError.brokenDataset(
                reason: "image '\(image.name)' of data set '\(dataset.name)' has changed since the set was read")
        }
        return bytes
    }
}
