/// An 8-bit grey image: rows from the top, pixels from the left.
public struct GrayImage: Equatable, Sendable {
    /// Pixels in a row, at least 1.
    public let width: Int
    /// Rows, at least 1.
    public let height: Int
    /// The brightness of each pixel, row-major: `width * height` bytes.
    public let pixels: [UInt8]

    /// An image over the given pixels.
    ///
    /// Traps unless both sides are positive and `pixels` holds a byte a pixel.
    public init(width: Int, height: Int, pixels: [UInt8]) {
        requireSize(width: width, height: height, count: pixels.count, channels: 1)
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// The image in RGB, all three equal.
    public func rgb() -> Image {
        var colors = [UInt8]()
        colors.reserveCapacity(pixels.count * 3)
        for level in pixels {
            colors.append(level)
            colors.append(level)
            colors.append(level)
        }
        return Image(width: width, height: height, pixels: colors)
    }
}
