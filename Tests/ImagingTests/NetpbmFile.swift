import Imaging
import Testing
import TestSupport

/// The binary PPM and PGM files that hold the expected pictures.
struct NetpbmFile {
    let width: Int
    let height: Int
    let pixels: [UInt8]

    init(_ path: String) throws {
        let bytes = try Fixtures.bytes(path)
        var fields: [Substring] = []
        var offset = 0
        while fields.count < 4 {
            let field = bytes[offset...].prefix { $0 > 0x20 }
            fields.append(Substring(decoding: field, as: UTF8.self))
            offset = field.endIndex + 1
        }
        try #require(["P5", "P6"].contains(fields[0]) && fields[3] == "255", "\(path)")
        width = try #require(Int(fields[1]))
        height = try #require(Int(fields[2]))
        pixels = Array(bytes[offset...])
    }

    /// The picture in a PPM file.
    static func image(_ path: String) throws -> Image {
        let file = try NetpbmFile(path)
        return Image(width: file.width, height: file.height, pixels: file.pixels)
    }

    /// The picture in a PGM file.
    static func grayImage(_ path: String) throws -> GrayImage {
        let file = try NetpbmFile(path)
        return GrayImage(width: file.width, height: file.height, pixels: file.pixels)
    }
}
