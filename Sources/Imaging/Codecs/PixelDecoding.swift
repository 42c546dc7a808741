import CImageCodecs

/// The door to the codecs: a file whose header has been read and allowed, turned into RGB.
enum PixelDecoding {
    /// Red, green and blue of each stored pixel (the orientation is not applied): alpha laid on white, CMYK through
    /// the plain formula of `flattenCMYK`.
    static func rgb(_ bytes: [UInt8], _ header: ImageHeader) throws(ImageError) -> [UInt8] {
        let file = header.format == .png ? try PNGFile(bytes).essential : bytes
        let count = header.width * header.height
        let channels = header.content == .rgb ? 3 : 4
        var status = SB_CODEC_OK
        var message = [CChar](repeating: 0, count: 256)
        // SAFETY: `file`, `message` and the array's own storage live through the call; the codecs are told their
        // lengths and write no further, and the flattening reads and writes only the `count * channels` bytes filled.
        let pixels = unsafe [UInt8](unsafeUninitializedCapacity: count * channels) { buffer, filled in
            unsafe status = decode(file, header, into: buffer, &message)
            guard status == SB_CODEC_OK else { return }
            switch header.content {
            case .rgb: break
            case .rgba: unsafe flattenAlpha(buffer, pixels: count)
            case .cmyk: unsafe flattenCMYK(buffer, pixels: count)
            }
            filled = count * 3
        }
        guard status == SB_CODEC_OK else {
            throw .corrupt(format: header.format, reason: reason(status, message))
        }
        return pixels
    }

    private static func decode(
        _ file: [UInt8], _ header: ImageHeader, into pixels: UnsafeMutableBufferPointer<UInt8>, _ message: inout [CChar]
    ) -> sb_codec_status {
        let (width, height) = (Int32(header.width), Int32(header.height))
        let layout =
            switch header.content {
            case .rgb: SB_PIXELS_RGB
            case .rgba: SB_PIXELS_RGBA
            case .cmyk: SB_PIXELS_CMYK
            }
        let room = message.count
        // SAFETY: as in `rgb`: all three buffers are alive, and go with their lengths.
        return unsafe file.withUnsafeBufferPointer { source in
            guard let bytes = source.baseAddress, let target = pixels.baseAddress else { return SB_CODEC_CORRUPT }
            return switch header.format {
            case .jpeg:
                unsafe sb_jpeg_decode(
                    bytes, source.count, layout, width, height, target, pixels.count, &message, room)
            case .png:
                unsafe sb_png_decode(
                    bytes, source.count, layout, width, height, target, pixels.count, &message, room)
            case .webp:
                unsafe sb_webp_decode(bytes, source.count, layout, width, height, target, pixels.count)
            }
        }
    }

    /// RGBA to RGB in place, on white, rounded to the nearest level.
    private static func flattenAlpha(_ buffer: UnsafeMutableBufferPointer<UInt8>, pixels: Int) {
        // SAFETY: the buffer holds 4 bytes a pixel; a pixel is written at or before the place it is read from.
        for pixel in 0..<pixels {
            let alpha = unsafe buffer[pixel * 4 + 3]
            for component in 0..<3 {
                unsafe buffer[pixel * 3 + component] = blended(
                    buffer[pixel * 4 + component], over: 255, alpha: alpha)
            }
        }
    }

    /// CMYK to RGB in place.
    ///
    /// The file's values are taken as Adobe writes them, 255 for no ink, whether or not the file says so (as Pillow and
    /// browsers do): red = C · K / 255, and so on; profiles are not applied.
    private static func flattenCMYK(_ buffer: UnsafeMutableBufferPointer<UInt8>, pixels: Int) {
        // SAFETY: the buffer holds 4 bytes a pixel; a pixel is written at or before the place it is read from.
        for pixel in 0..<pixels {
            let light = unsafe Int32(buffer[pixel * 4 + 3])
            for component in 0..<3 {
                // Written as black minus ink, which rounds as Pillow does.
                let ink = unsafe 255 - Int32(buffer[pixel * 4 + component])
                unsafe buffer[pixel * 3 + component] = UInt8(max(0, light - Int32(dividedBy255(ink * light))))
            }
        }
    }

    private static func reason(_ status: sb_codec_status, _ message: [CChar]) -> String {
        if status == SB_CODEC_NO_MEMORY { return "the codec could not get memory for it" }
        let words = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return words.isEmpty ? "its data cannot be decoded" : words
    }
}
