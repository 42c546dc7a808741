/// A file format that is read.
public enum ImageFormat: String, Sendable {
    /// JPEG (ITU-T T.81), baseline or progressive, 8 bits a sample.
    case jpeg = "JPEG"
    /// PNG (ISO/IEC 15948), every colour type and depth.
    case png = "PNG"
    /// WebP, lossy or lossless, still.
    case webp = "WebP"
}

extension ImageFormat: CustomStringConvertible {
    /// The format's usual name.
    public var description: String { rawValue }
}

extension ImageFormat {
    /// The format that the first bytes announce.
    ///
    /// Formats that are not read are named in the error.
    static func announced(by bytes: [UInt8]) throws(ImageError) -> ImageFormat {
        guard !bytes.isEmpty else { throw .empty }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return .jpeg }
        if bytes.starts(with: PNGFile.signature) { return .png }
        if bytes.starts(with: Array("RIFF".utf8)), bytes.dropFirst(8).starts(with: Array("WEBP".utf8)) { return .webp }
        if let name = unsupportedName(bytes) { throw .unsupported(format: name) }
        throw .unrecognized(signature: words(for: bytes.prefix(8)))
    }

    private static func unsupportedName(_ bytes: [UInt8]) -> String? {
        let signatures: [(at: Int, bytes: [UInt8], name: String)] = [
            (0, Array("GIF8".utf8), "GIF"),
            (0, Array("BM".utf8), "BMP"),
            (0, [0x49, 0x49, 0x2A, 0x00], "TIFF"),
            (0, [0x4D, 0x4D, 0x00, 0x2A], "TIFF"),
            (4, Array("ftypavi".utf8), "AVIF"),
            (4, Array("ftyphe".utf8), "HEIC"),
            (4, Array("ftypmif1".utf8), "HEIC"),
            (4, Array("ftypmsf1".utf8), "HEIC"),
            (4, Array("ftyp".utf8), "MP4 video"),
            (0, [0xFF, 0x0A], "JPEG XL"),
            (4, Array("JXL ".utf8), "JPEG XL"),
            (4, Array("jP  ".utf8), "JPEG 2000"),
            (0, [0xFF, 0x4F, 0xFF, 0x51], "JPEG 2000"),
            (0, [0x00, 0x00, 0x01, 0x00], "ICO"),
            (0, Array("8BPS".utf8), "PSD"),
            (0, Array("%PDF".utf8), "PDF"),
            (0, Array("<svg".utf8), "SVG"),
            (0, [0x93] + Array("NUMPY".utf8), "NPY as an image"),
        ]
        return signatures.first { bytes.dropFirst($0.at).starts(with: $0.bytes) }?.name
    }

    /// The bytes in hexadecimal, and as text where all of them are printable ASCII.
    private static func words(for bytes: ArraySlice<UInt8>) -> String {
        let digits = Array("0123456789abcdef")
        let hexadecimal = bytes.map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined(separator: " ")
        guard bytes.allSatisfy({ (0x20..<0x7F).contains($0) }) else { return hexadecimal }
        return "\(hexadecimal) (“\(String(decoding: bytes, as: UTF8.self))”)"
    }
}
