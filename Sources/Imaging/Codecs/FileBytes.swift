/// Bounds-checked reading of a file: what lies behind its end reads as nil.
struct FileBytes {
    enum Order { case bigEndian, littleEndian }

    let bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    var count: Int { bytes.count }

    subscript(_ offset: Int) -> UInt8? {
        offset >= 0 && offset < count ? bytes[bytes.startIndex + offset] : nil
    }

    /// The `length` bytes at `offset`, or nil if not all are there.
    func slice(_ offset: Int, _ length: Int) -> ArraySlice<UInt8>? {
        guard offset >= 0, length >= 0, offset <= count, length <= count - offset else { return nil }
        return bytes[(bytes.startIndex + offset)..<(bytes.startIndex + offset + length)]
    }

    func uint16(_ offset: Int, _ order: Order) -> Int? { number(offset, 2, order) }

    func uint32(_ offset: Int, _ order: Order) -> Int? { number(offset, 4, order) }

    func starts(with text: String, at offset: Int = 0) -> Bool {
        slice(offset, text.utf8.count)?.elementsEqual(text.utf8) ?? false
    }

    private func number(_ offset: Int, _ length: Int, _ order: Order) -> Int? {
        guard offset >= 0, offset <= count, length <= count - offset else { return nil }
        var value = 0
        for place in 0..<length {
            let byte = bytes[bytes.startIndex + offset + (order == .bigEndian ? place : length - 1 - place)]
            value = value << 8 | Int(byte)
        }
        return value
    }
}
