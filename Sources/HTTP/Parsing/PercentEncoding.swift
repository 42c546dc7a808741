/// Percent-encoding of RFC 3986 section 2.1.
enum PercentEncoding {
    /// The text that the bytes encode; nil if a "%" has no two hexadecimal digits behind it, or the bytes it makes are
    /// not UTF-8 or hold NUL.
    ///
    /// With `plusIsSpace` a "+" is a space, as in forms.
    static func decode(_ bytes: Span<UInt8>, plusIsSpace: Bool = false) -> String? {
        let isPlain = bytes.firstOdd { $0 != .percent && $0 != 0 && !(plusIsSpace && $0 == .plus) } == nil
        if isPlain { return String(validating: bytes) }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            var byte = bytes[index]
            index += 1
            if byte == .percent {
                guard index + 1 < bytes.count, let high = bytes[index].hexadecimalValue,
                    let low = bytes[index + 1].hexadecimalValue
                else { return nil }
                byte = high << 4 | low
                index += 2
            } else if plusIsSpace && byte == .plus {
                byte = .space
            }
            guard byte != 0 else { return nil }
            decoded.append(byte)
        }
        return String(validating: decoded.span)
    }
}
