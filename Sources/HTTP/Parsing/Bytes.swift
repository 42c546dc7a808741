/// Bytes that HTTP gives a meaning, and the classes of RFC 9110 section 5.6 and RFC 3986 section 2.
extension UInt8 {
    static var tab: UInt8 { 0x09 }
    static var lineFeed: UInt8 { 0x0A }
    static var carriageReturn: UInt8 { 0x0D }
    static var space: UInt8 { 0x20 }
    static var quote: UInt8 { 0x22 }
    static var percent: UInt8 { 0x25 }
    static var ampersand: UInt8 { 0x26 }
    static var asterisk: UInt8 { 0x2A }
    static var plus: UInt8 { 0x2B }
    static var comma: UInt8 { 0x2C }
    static var hyphen: UInt8 { 0x2D }
    static var period: UInt8 { 0x2E }
    static var slash: UInt8 { 0x2F }
    static var colon: UInt8 { 0x3A }
    static var semicolon: UInt8 { 0x3B }
    static var equals: UInt8 { 0x3D }
    static var questionMark: UInt8 { 0x3F }
    static var backslash: UInt8 { 0x5C }

    var isDigit: Bool { self &- 0x30 < 10 }

    var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }

    var isSpaceOrTab: Bool { self == .space || self == .tab }

    /// `tchar`.
    var isTokenByte: Bool { ByteSet.token.contains(self) }

    /// `field-vchar`, SP or HTAB: no control character, NUL, CR or LF.
    var isFieldValueByte: Bool { self >= 0x20 && self != 0x7F || self == .tab }

    var isControl: Bool { self < 0x20 || self == 0x7F }

    /// `unreserved` or `sub-delims`.
    var isHostByte: Bool { ByteSet.host.contains(self) }

    /// `pchar`, "/" and the percent sign.
    var isPathByte: Bool { ByteSet.path.contains(self) }

    /// `query`, and what browsers do not encode in one (WHATWG URL, "query percent-encode set"): `[ ] \ ^ ` { | }`.
    var isQueryByte: Bool {
        switch self {
        case .questionMark, 0x5B...0x5E, 0x60, 0x7B...0x7D: true
        default: isPathByte
        }
    }

    /// 0 … 15 for a hexadecimal digit of either case.
    var hexadecimalValue: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x37
        case 0x61...0x66: self - 0x57
        default: nil
        }
    }

    /// The small letter for a capital one of ASCII, else the byte itself.
    var lowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }
}

extension ArraySlice<UInt8> {
    /// The bytes without spaces and tabs at either end (`OWS`).
    var trimmed: ArraySlice<UInt8> {
        var slice = self
        while let first = slice.first, first.isSpaceOrTab { slice.removeFirst() }
        while let last = slice.last, last.isSpaceOrTab { slice.removeLast() }
        return slice
    }

    /// Whether the bytes are these letters, in either case.
    func isEqualIgnoringCase(to text: StaticString) -> Bool {
        let other = text.description.utf8
        return count == other.count && zip(self, other).allSatisfy { $0.lowercased == $1.lowercased }
    }

    /// Whether there is a byte and each is a `tchar`.
    var isToken: Bool { !isEmpty && allSatisfy { $0.isTokenByte } }
}

extension String {
    /// At most 40 of the bytes between quotes, control and other odd bytes escaped: fit for a message.
    init(quoting bytes: some Collection<UInt8>) {
        self = "'"
        for byte in bytes.prefix(40) {
            switch byte {
            case 0x20...0x7E where byte != .backslash: append(Character(Unicode.Scalar(byte)))
            default: append("\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
            }
        }
        append(bytes.count > 40 ? "…'" : "'")
    }
}
