/// The chunk structure of a PNG file (ISO/IEC 15948, clause 5).
struct PNGFile {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    let header: ImageHeader
    private let bytes: [UInt8]
    private let essentialChunks: [Range<Int>]

    /// The file without the chunks that say nothing about pixels: they never reach the codec, so that a hostile
    /// profile or text can neither fail a picture nor inflate into memory.
    var essential: [UInt8] {
        essentialChunks.reduce(into: Self.signature) { $0 += bytes[$1] }
    }

    init(_ bytes: [UInt8]) throws(ImageError) {
        let file = FileBytes(bytes[...])
        var essentialChunks: [Range<Int>] = []
        var orientation = Orientation.upright
        var hasTransparency = false
        var offset = Self.signature.count
        let size = try Self.readHeader(file, at: offset)
        var isComplete = false
        while !isComplete, let length = file.uint32(offset, .bigEndian), let kind = file.uint32(offset + 4, .bigEndian),
            let chunk = file.slice(offset, length + 12)
        {
            switch kind {
            case Kind.exif: orientation = EXIF.orientation(in: chunk.dropFirst(8).dropLast(4))
            case Kind.transparency: hasTransparency = true
            case Kind.end: isComplete = true
            default: break
            }
            if Kind.essential.contains(kind) { essentialChunks.append(chunk.indices) }
            offset += chunk.count
        }
        let hasAlpha = size.colorType & 4 != 0 || hasTransparency
        header = ImageHeader(
            format: .png, width: size.width, height: size.height, orientation: orientation,
            content: hasAlpha ? .rgba : .rgb, isComplete: isComplete)
        self.bytes = bytes
        self.essentialChunks = essentialChunks
    }

    /// The four letters of a chunk's type, as one number.
    private enum Kind {
        static let header = 0x4948_4452  // IHDR
        static let palette = 0x504C_5445  // PLTE
        static let transparency = 0x7452_4E53  // tRNS
        static let data = 0x4944_4154  // IDAT
        static let end = 0x4945_4E44  // IEND
        static let exif = 0x6558_4966  // eXIf
        static let essential = [header, palette, transparency, data, end]
    }

    private static func readHeader(
        _ file: FileBytes, at offset: Int
    ) throws(ImageError) -> (width: Int, height: Int, colorType: UInt8) {
        guard let length = file.uint32(offset, .bigEndian), let kind = file.uint32(offset + 4, .bigEndian),
            let width = file.uint32(offset + 8, .bigEndian), let height = file.uint32(offset + 12, .bigEndian),
            let colorType = file[offset + 17], file.slice(offset, 25) != nil
        else { throw .truncated(format: .png, found: file.count) }
        guard kind == Kind.header, length == 13 else {
            throw .corrupt(format: .png, reason: "it does not begin with a header (IHDR)")
        }
        guard (1...Int(Int32.max)).contains(width), (1...Int(Int32.max)).contains(height) else {
            throw .corrupt(format: .png, reason: "a picture of \(width)×\(height) pixels")
        }
        return (width, height, colorType)
    }
}
