/// An image that is kept, as the service tells of it.
public struct StoredImage: Equatable, Sendable {
    /// The digest of its bytes, 64 hexadecimal digits: its address.
    public let sha256: String
    /// Pixels in a row, after orientation; of an array, its last dimension.
    public let width: Int
    /// Rows, after orientation; of an array, its last dimension but one.
    public let height: Int
    /// The bytes that were sent.
    public let byteCount: Int
    /// What kind of file they are.
    public let format: ImageFileFormat
}

/// A kind of file that is taken as an image.
public enum ImageFileFormat: String, CaseIterable, Sendable {
    /// A JPEG file.
    case jpeg
    /// A PNG file.
    case png
    /// A WebP file.
    case webp
    /// An NPY file: the network's input itself.
    case npy
}
