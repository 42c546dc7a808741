/// Builds a whole PNG from bytes that a fuzzer made up (PNG, third edition).
///
/// Changes to a finished file hardly ever give a readable picture of another geometry: each row must begin with a valid
/// filter, and chunks and data end in checksums. Here size, kind of pixel, interlacing, palette and transparency are
/// taken from the first bytes, the rows from the rest, and everything else is made to fit.
enum PNGRecipe {
    /// What an input that is a recipe begins with.
    static let mark: [UInt8] = Array("PNG:".utf8)

    /// The file that the recipe describes.
    static func file(_ recipe: ArraySlice<UInt8>) -> [UInt8] {
        var rest = recipe
        func take() -> UInt8 { rest.popFirst() ?? 0 }
        let width = Int(take()) % 64 + 1
        let height = Int(take()) % 64 + 1
        let kinds: [(depth: UInt8, color: UInt8, samples: Int)] = [
            (1, 0, 1), (2, 0, 1), (4, 0, 1), (8, 0, 1), (16, 0, 1), (8, 2, 3), (16, 2, 3), (1, 3, 1), (2, 3, 1),
            (4, 3, 1), (8, 3, 1), (8, 4, 2), (16, 4, 2), (8, 6, 4), (16, 6, 4),
        ]
        let kind = kinds[Int(take()) % kinds.count]
        let isInterlaced = take() & 1 == 1
        let colors = Int(take()) % (1 << min(Int(kind.depth), 8)) + 1
        let palette = (0..<3 * colors).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        let transparency = (0..<Int(take()) % 8).map { _ in take() }
        let header = [
            0, 0, 0, UInt8(width), 0, 0, 0, UInt8(height), kind.depth, kind.color, 0, 0, isInterlaced ? 1 : 0,
        ]
        var rows: [UInt8] = []
        for size in passes(width, height, isInterlaced) where size.width > 0 {
            let bytes = (size.width * Int(kind.depth) * kind.samples + 7) / 8
            for _ in 0..<size.height { rows += [take() % 5] + (0..<bytes).map { _ in take() } }
        }
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
        if kind.color == 3 { file += chunk("PLTE", palette) }
        if !transparency.isEmpty { file += chunk("tRNS", transparency) }
        return file + chunk("IDAT", stored(rows)) + chunk("IEND", [])
    }

    /// The sizes of the pictures that the rows make up: one, or seven reduced ones (section 8.1).
    private static func passes(_ width: Int, _ height: Int, _ isInterlaced: Bool) -> [(width: Int, height: Int)] {
        if !isInterlaced { return [(width, height)] }
        let starts = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
        return starts.map { x, y, dx, dy in (max(0, width - x + dx - 1) / dx, max(0, height - y + dy - 1) / dy) }
    }

    private static func chunk(_ kind: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(kind.utf8) + data
        return bigEndian(UInt32(data.count)) + body + bigEndian(PNGChecksums.crc32(body[...]))
    }

    /// A zlib stream without compression (RFC 1950, RFC 1951 section 3.2.4).
    private static func stored(_ data: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        var start = 0
        repeat {
            let end = min(start + 65535, data.count)
            let length = UInt16(end - start)
            stream += [end == data.count ? 1 : 0]
            for value in [length, ~length] { stream += [UInt8(value & 0xFF), UInt8(value >> 8)] }
            stream += data[start..<end]
            start = end
        } while start < data.count
        return stream + bigEndian(PNGChecksums.adler32(data))
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
