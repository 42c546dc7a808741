/// An 8-bit RGB image: rows from the top, pixels from the left, red, green and blue interleaved.
///
/// A value: what is decoded, cropped or resized is a new image.
public struct Image: Equatable, Sendable {
    /// Pixels in a row, at least 1.
    public let width: Int
    /// Rows, at least 1.
    public let height: Int
    /// Red, green and blue of each pixel, row-major: `width * height * 3` bytes.
    public let pixels: [UInt8]

    /// An image over the given pixels.
    ///
    /// Traps unless both sides are positive and `pixels` holds 3 bytes a pixel.
    public init(width: Int, height: Int, pixels: [UInt8]) {
        requireSize(width: width, height: height, count: pixels.count, channels: 3)
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// An image of one colour.
    public init(width: Int, height: Int, color: (red: UInt8, green: UInt8, blue: UInt8)) {
        var pixels = [UInt8]()
        pixels.reserveCapacity(max(0, width) * max(0, height) * 3)
        for _ in 0..<(max(0, width) * max(0, height)) {
            pixels.append(color.red)
            pixels.append(color.green)
            pixels.append(color.blue)
        }
        self.init(width: width, height: height, pixels: pixels)
    }

    /// The image in grey, after ITU-R 601-2: (19595 R + 38470 G + 7471 B + 32768) / 65536, rounded down (Pillow's `L`).
    public func grayscale() -> GrayImage {
        var gray = [UInt8]()
        gray.reserveCapacity(width * height)
        for pixel in stride(from: 0, to: pixels.count, by: 3) {
            let sum = 19595 * Int(pixels[pixel]) + 38470 * Int(pixels[pixel + 1]) + 7471 * Int(pixels[pixel + 2])
            gray.append(UInt8((sum + 32768) >> 16))
        }
        return GrayImage(width: width, height: height, pixels: gray)
    }
}

/// Traps unless an image of these sides holds `count` bytes.
func requireSize(width: Int, height: Int, count: Int, channels: Int) {
    precondition(width >= 1 && height >= 1, "an image of \(width)×\(height) pixels")
    precondition(
        count == width * height * channels,
        "\(count) bytes for \(width)×\(height) pixels of \(channels) channels")
}
