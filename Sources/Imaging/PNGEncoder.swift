import CZlib

/// Words written into a PNG file (`Title` and `Description`, ISO/IEC 15948, 11.3.3).
public struct PNGText: Equatable, Sendable {
    /// What the picture is called.
    public var title: String?
    /// What it shows.
    public var description: String?

    /// Words for a file; none by default.
    public init(title: String? = nil, description: String? = nil) {
        self.title = title
        self.description = description
    }
}

/// Writes PNG files: 8 bits a sample, not interlaced, each row with the filter whose residues are smallest.
///
/// The same image gives the same bytes, with one version of zlib.
public enum PNGEncoder {
    /// A PNG file of colour type 2 (RGB).
    public static func encode(_ image: Image, text: PNGText = PNGText()) -> [UInt8] {
        file(image.pixels, width: image.width, height: image.height, channels: 3, colorType: 2, text)
    }

    /// A PNG file of colour type 6 (RGBA, alpha straight).
    public static func encode(_ image: ImageWithAlpha, text: PNGText = PNGText()) -> [UInt8] {
        file(image.pixels, width: image.width, height: image.height, channels: 4, colorType: 6, text)
    }

    /// A PNG file of colour type 0 (grey).
    public static func encode(_ image: GrayImage, text: PNGText = PNGText()) -> [UInt8] {
        file(image.pixels, width: image.width, height: image.height, channels: 1, colorType: 0, text)
    }

    private static func file(
        _ pixels: [UInt8], width: Int, height: Int, channels: Int, colorType: UInt8, _ text: PNGText
    ) -> [UInt8] {
        precondition(width <= Int(Int32.max) && height <= Int(Int32.max), "a PNG of \(width)×\(height) pixels")
        var file = PNGFile.signature
        append("IHDR", bigEndian(width) + bigEndian(height) + [8, colorType, 0, 0, 0], to: &file)
        for (keyword, words) in [("Title", text.title), ("Description", text.description)] {
            guard let words else { continue }
            let (kind, data) = textChunk(keyword, words)
            append(kind, data, to: &file)
        }
        let data = compressed(PNGFilters.filtered(pixels, rowBytes: width * channels, pixelBytes: channels))
        // This chunk and the last: grown in steps a large file would be there twice over.
        file.reserveCapacity(file.count + data.count + 24)
        append("IDAT", data, to: &file)
        append("IEND", [], to: &file)
        return file
    }

    /// `tEXt` where the words are Latin-1, else `iTXt` in UTF-8.
    private static func textChunk(_ keyword: String, _ words: String) -> (kind: String, data: [UInt8]) {
        let visible = words.unicodeScalars.filter { $0.value != 0 }
        if visible.allSatisfy({ $0.value < 256 }) {
            return ("tEXt", Array(keyword.utf8) + [0] + visible.map { UInt8($0.value) })
        }
        let unicode = String(String.UnicodeScalarView(visible))
        return ("iTXt", Array(keyword.utf8) + [0, 0, 0, 0, 0] + Array(unicode.utf8))
    }

    /// Appends a chunk without a further copy of its data, which may be most of the file.
    private static func append(_ kind: String, _ data: [UInt8], to file: inout [UInt8]) {
        file += bigEndian(data.count)
        let start = file.count
        file += kind.utf8
        file += data
        // SAFETY: zlib reads `count` bytes of an array that lives through the call.
        let check = unsafe file[start...].withUnsafeBufferPointer { unsafe sb_crc32(0, $0.baseAddress, $0.count) }
        file += bigEndian(Int(check))
    }

    private static func bigEndian(_ number: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    /// zlib's effort.
    ///
    /// Photographs at 6 take up to three times as long as at 4, and come out at most a few per cent smaller.
    private static let level: Int32 = 4

    private static func compressed(_ rows: [UInt8]) -> [UInt8] {
        let capacity = sb_compress_bound(rows.count)
        var status: Int32 = 0
        // SAFETY: zlib reads `rows.count` bytes of an array that lives through the call, and writes at most `capacity`
        // bytes into the new array's own storage, which has that room.
        let stream = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { output, filled in
            unsafe rows.withUnsafeBufferPointer { input in
                guard let base = output.baseAddress else { return }
                status = unsafe sb_deflate(level, 15, input.baseAddress, input.count, base, capacity, &filled)
            }
        }
        precondition(status == Z_STREAM_END, "zlib answered \(status) for \(rows.count) bytes of pixels")
        return stream
    }
}
