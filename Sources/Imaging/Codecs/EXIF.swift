/// The one fact read from EXIF data: the orientation.
enum EXIF {
    private static let orientationTag = 0x0112

    /// The orientation in a TIFF structure (with or without `Exif\0\0` before it); upright when there is none, or
    /// when the data make no sense: metadata never spoil a picture.
    static func orientation(in data: ArraySlice<UInt8>) -> Orientation {
        let prefix = Array("Exif\0\0".utf8)
        let tiff = FileBytes(data.starts(with: prefix) ? data.dropFirst(prefix.count) : data)
        let order: FileBytes.Order
        if tiff.starts(with: "II") {
            order = .littleEndian
        } else if tiff.starts(with: "MM") {
            order = .bigEndian
        } else {
            return .upright
        }
        guard tiff.uint16(2, order) == 42, let directory = tiff.uint32(4, order),
            let entries = tiff.uint16(directory, order)
        else { return .upright }
        for entry in 0..<entries {
            let start = directory + 2 + entry * 12
            guard let tag = tiff.uint16(start, order) else { return .upright }
            guard tag == orientationTag else { continue }
            return tiff.uint16(start + 8, order).flatMap(Orientation.init(rawValue:)) ?? .upright
        }
        return .upright
    }
}
