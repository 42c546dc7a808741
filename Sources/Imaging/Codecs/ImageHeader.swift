/// What is known of an image file before it is decoded.
struct ImageHeader: Equatable {
    /// What its pixels are, as the codec delivers them.
    enum Content { case rgb, rgba, cmyk }

    let format: ImageFormat
    /// As stored, before the orientation.
    let width: Int
    let height: Int
    let orientation: Orientation
    let content: Content
    /// Whether the file reaches to its own end.
    let isComplete: Bool

    static func read(_ bytes: [UInt8]) throws(ImageError) -> ImageHeader {
        switch try ImageFormat.announced(by: bytes) {
        case .jpeg: try JPEGFile.header(of: bytes)
        case .png: try PNGFile(bytes).header
        case .webp: try WebPFile.header(of: bytes)
        }
    }
}
