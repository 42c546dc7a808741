/// An 8-bit RGBA image: rows from the top, pixels from the left, alpha straight (not premultiplied), 255 opaque.
public struct ImageWithAlpha: Equatable, Sendable {
    /// Pixels in a row, at least 1.
    public let width: Int
    /// Rows, at least 1.
    public let height: Int
    /// Red, green, blue and alpha of each pixel, row-major: `width * height * 4` bytes.
    public let pixels: [UInt8]

    /// An image over the given pixels.
    ///
    /// Traps unless both sides are positive and `pixels` holds 4 bytes a pixel.
    public init(width: Int, height: Int, pixels: [UInt8]) {
        requireSize(width: width, height: height, count: pixels.count, channels: 4)
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// `image`, opaque.
    public init(_ image: Image) {
        var colors = [UInt8]()
        colors.reserveCapacity(image.width * image.height * 4)
        for pixel in stride(from: 0, to: image.pixels.count, by: 3) {
            colors.append(contentsOf: image.pixels[pixel..<(pixel + 3)])
            colors.append(255)
        }
        self.init(width: image.width, height: image.height, pixels: colors)
    }

    /// Whether every pixel is opaque.
    public var isOpaque: Bool {
        !stride(from: 3, to: pixels.count, by: 4).contains { pixels[$0] != 255 }
    }

    /// The image laid on a background of one colour (default white), each component rounded to the nearest level.
    public func composited(onto background: (red: UInt8, green: UInt8, blue: UInt8) = (255, 255, 255)) -> Image {
        let behind = [background.red, background.green, background.blue]
        var colors = [UInt8]()
        colors.reserveCapacity(width * height * 3)
        for pixel in stride(from: 0, to: pixels.count, by: 4) {
            for component in 0..<3 {
                colors.append(blended(pixels[pixel + component], over: behind[component], alpha: pixels[pixel + 3]))
            }
        }
        return Image(width: width, height: height, pixels: colors)
    }
}

/// `front` over `back` at coverage `alpha` / 255, rounded to the nearest level.
@inline(__always)
func blended(_ front: UInt8, over back: UInt8, alpha: UInt8) -> UInt8 {
    dividedBy255(Int32(back) * (255 - Int32(alpha)) + Int32(front) * Int32(alpha))
}

/// `product` / 255, rounded to the nearest, for 0 … 255².
@inline(__always)
func dividedBy255(_ product: Int32) -> UInt8 {
    let rounded = product + 128
    return UInt8(truncatingIfNeeded: (rounded + (rounded >> 8)) >> 8)
}
