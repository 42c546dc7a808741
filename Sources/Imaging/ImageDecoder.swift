/// What an image file says of itself, read without decoding it.
public struct ImageProperties: Equatable, Sendable {
    /// The file's format.
    public let format: ImageFormat
    /// Pixels in a row as seen, the orientation applied.
    public let width: Int
    /// Rows as seen, the orientation applied.
    public let height: Int
    /// How the stored pixels are to be turned.
    public let orientation: Orientation
}

/// Reads JPEG, PNG and WebP files.
public enum ImageDecoder {
    /// The picture in a file, upright, as 8-bit RGB.
    ///
    /// The EXIF orientation is applied; alpha is composited on white; grey and palettes become RGB; 16-bit samples keep
    /// their upper byte, as libpng and Pillow do; CMYK (taken as Adobe writes it, inverted) becomes RGB by the plain
    /// formula. Gamma and colour profiles are ignored. Both limits are checked before a pixel is decoded.
    ///
    /// - Throws: `ImageError` for anything that is not one whole picture: a truncated file never gives half of one.
    public static func decode(_ bytes: [UInt8], limits: ImageLimits = ImageLimits()) throws(ImageError) -> Image {
        let header = try allowedHeader(bytes, limits)
        guard header.isComplete else { throw .truncated(format: header.format, found: bytes.count) }
        let pixels = try PixelDecoding.rgb(bytes, header)
        return Image(width: header.width, height: header.height, pixels: pixels).oriented(header.orientation)
    }

    /// The format and size of a file, from its headers alone.
    ///
    /// The same limits hold as for decoding.
    public static func probe(
        _ bytes: [UInt8], limits: ImageLimits = ImageLimits()
    ) throws(ImageError) -> ImageProperties {
        let header = try allowedHeader(bytes, limits)
        let swaps = header.orientation.swapsSides
        return ImageProperties(
            format: header.format, width: swaps ? header.height : header.width,
            height: swaps ? header.width : header.height, orientation: header.orientation)
    }

    private static func allowedHeader(_ bytes: [UInt8], _ limits: ImageLimits) throws(ImageError) -> ImageHeader {
        guard bytes.count <= limits.maximumBytes else {
            throw .tooManyBytes(found: bytes.count, allowed: limits.maximumBytes)
        }
        let header = try ImageHeader.read(bytes)
        // Both sides are below 2³¹, so the product cannot overflow.
        guard header.width * header.height <= limits.maximumPixels else {
            throw .tooManyPixels(width: header.width, height: header.height, allowed: limits.maximumPixels)
        }
        return header
    }
}
