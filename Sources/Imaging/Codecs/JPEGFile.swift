/// The marker structure of a JPEG file (ITU-T T.81, annex B).
enum JPEGFile {
    private struct Frame {
        let width: Int
        let height: Int
        let components: Int
    }

    /// Reads the segments up to the end of the image.
    ///
    /// A file without a frame header throws; one that ends early is reported as incomplete.
    static func header(of bytes: [UInt8]) throws(ImageError) -> ImageHeader {
        let file = FileBytes(bytes[...])
        var frame: Frame?
        var orientation: Orientation?
        var isComplete = false
        var offset = 2
        while let marker = nextMarker(in: bytes, from: &offset) {
            if marker == 0xD9 {
                isComplete = true
                break
            }
            if isAlone(marker) { continue }
            guard let length = file.uint16(offset, .bigEndian) else { break }
            guard length >= 2 else { throw .corrupt(format: .jpeg, reason: "a segment of \(length) bytes") }
            guard let segment = file.slice(offset + 2, length - 2) else { break }
            offset += length
            if isFrame(marker), frame == nil { frame = try readFrame(segment) }
            if marker == 0xE1, orientation == nil, segment.starts(with: "Exif\0\0".utf8) {
                orientation = EXIF.orientation(in: segment)
            }
            if marker == 0xDA { skipScan(in: bytes, from: &offset) }
        }
        guard let frame else {
            if isComplete { throw .corrupt(format: .jpeg, reason: "it has no frame header") }
            throw .truncated(format: .jpeg, found: bytes.count)
        }
        return ImageHeader(
            format: .jpeg, width: frame.width, height: frame.height, orientation: orientation ?? .upright,
            content: frame.components == 4 ? .cmyk : .rgb, isComplete: isComplete)
    }

    /// The code of the next marker; `offset` is left behind it.
    ///
    /// Bytes before it are skipped, as libjpeg does.
    private static func nextMarker(in bytes: [UInt8], from offset: inout Int) -> UInt8? {
        while offset < bytes.count, bytes[offset] != 0xFF { offset += 1 }
        while offset < bytes.count, bytes[offset] == 0xFF { offset += 1 }
        guard offset < bytes.count else { return nil }
        offset += 1
        return bytes[offset - 1]
    }

    /// Moves `offset` over entropy-coded data to the next marker that is no restart.
    private static func skipScan(in bytes: [UInt8], from offset: inout Int) {
        while offset + 1 < bytes.count {
            if bytes[offset] == 0xFF {
                let code = bytes[offset + 1]
                if code != 0x00 && code != 0xFF && !(0xD0...0xD7).contains(code) { return }
            }
            offset += 1
        }
        offset = bytes.count
    }

    /// Markers without a segment: stuffed zero, TEM, restarts, start of image.
    private static func isAlone(_ marker: UInt8) -> Bool {
        marker == 0x00 || marker == 0x01 || (0xD0...0xD8).contains(marker)
    }

    /// SOF0 … SOF15, but the Huffman (C4), JPG (C8) and arithmetic (CC) markers among them.
    private static func isFrame(_ marker: UInt8) -> Bool {
        (0xC0...0xCF).contains(marker) && marker != 0xC4 && marker != 0xC8 && marker != 0xCC
    }

    private static func readFrame(_ segment: ArraySlice<UInt8>) throws(ImageError) -> Frame {
        let fields = FileBytes(segment)
        guard let depth = fields[0], let height = fields.uint16(1, .bigEndian),
            let width = fields.uint16(3, .bigEndian), let components = fields[5]
        else { throw .corrupt(format: .jpeg, reason: "a frame header of \(segment.count) bytes") }
        guard depth == 8 else {
            throw .corrupt(format: .jpeg, reason: "\(depth) bits a sample, where 8 are read")
        }
        guard width > 0, height > 0 else {
            throw .corrupt(format: .jpeg, reason: "a picture of \(width)×\(height) pixels")
        }
        return Frame(width: width, height: height, components: Int(components))
    }
}
