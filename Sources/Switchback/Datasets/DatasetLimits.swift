/// How large a set may be, each bound with a safe default.
public struct DatasetLimits: Equatable, Sendable {
    /// How many images, broken ones included; 100,000 unless told.
    public var maximumImages: Int
    /// The bytes of all images together; 1 GiB unless told.
    public var maximumBytes: Int
    /// The largest table of labels in bytes; 16 MiB unless told.
    public var maximumTableBytes: Int
    /// The longest path or label of an image in bytes.
    public var maximumNameBytes = 1024
    /// The largest list of an uploaded set in bytes, as it is kept.
    public var maximumListBytes = 64 << 20

    /// Limits, each at its default unless given.
    public init(maximumImages: Int = 100_000, maximumBytes: Int = 1 << 30, maximumTableBytes: Int = 16 << 20) {
        self.maximumImages = maximumImages
        self.maximumBytes = maximumBytes
        self.maximumTableBytes = maximumTableBytes
    }
}
