import CImageCodecs

/// The RIFF structure of a WebP file (RFC 9649).
enum WebPFile {
    static func header(of bytes: [UInt8]) throws(ImageError) -> ImageHeader {
        let file = FileBytes(bytes[...])
        guard let size = file.uint32(4, .littleEndian) else { throw .truncated(format: .webp, found: bytes.count) }
        let isComplete = size + 8 <= bytes.count
        var features = sb_webp_features()
        // SAFETY: the codec reads `count` bytes of an array that lives through the call, and fills a local value.
        let status = unsafe bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return SB_CODEC_CORRUPT }
            return unsafe sb_webp_read_features(base, buffer.count, &features)
        }
        guard status == SB_CODEC_OK, features.width > 0, features.height > 0 else {
            guard isComplete else { throw .truncated(format: .webp, found: bytes.count) }
            throw .corrupt(format: .webp, reason: "its header makes no sense")
        }
        guard features.is_animated == 0 else { throw .animated(format: .webp) }
        return ImageHeader(
            format: .webp, width: Int(features.width), height: Int(features.height), orientation: orientation(in: file),
            content: features.has_alpha != 0 ? .rgba : .rgb, isComplete: isComplete)
    }

    private static func orientation(in file: FileBytes) -> Orientation {
        var offset = 12
        while let length = file.uint32(offset + 4, .littleEndian), let chunk = file.slice(offset + 8, length) {
            if file.starts(with: "EXIF", at: offset) { return EXIF.orientation(in: chunk) }
            offset += 8 + length + length % 2
        }
        return .upright
    }
}
