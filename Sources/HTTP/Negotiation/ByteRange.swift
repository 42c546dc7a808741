/// The one range of bytes that a `Range` field asks for (RFC 9110 section 14.1.2).
public enum ByteRange: Equatable, Sendable {
    /// From a position to the end: `bytes=500-`.
    case from(Int)
    /// From a position to another, which belongs to it: `bytes=0-499`.
    case between(Int, Int)
    /// So many bytes at the end: `bytes=-500`.
    case suffix(Int)

    /// The range in that field; nil if it is malformed, of another unit, or asks for several ranges.
    ///
    /// A server may ignore such a field (sections 14.2 and 14.3), and then sends the whole. A position too large for
    /// `Int` is the largest one.
    public init?(parsing field: String) {
        let bytes = Array(field.utf8)[...]
        guard bytes.prefix(6).isEqualIgnoringCase(to: "bytes=") else { return nil }
        let elements = FieldList.elements(of: String(decoding: bytes.dropFirst(6), as: UTF8.self))
        guard elements.count == 1, let hyphen = elements[0].firstIndex(of: .hyphen) else { return nil }
        let (first, last) = (elements[0][..<hyphen], elements[0][(hyphen + 1)...])
        switch (Self.position(first), Self.position(last)) {
        case (let first?, nil) where last.isEmpty: self = .from(first)
        case (nil, let count?) where first.isEmpty: self = .suffix(count)
        case (let first?, let last?) where first <= last: self = .between(first, last)
        default: return nil
        }
    }

    /// What the range covers of a body of so many bytes; nil if it is unsatisfiable (416).
    public func resolved(in count: Int) -> Range<Int>? {
        switch self {
        case .from(let first): first < count ? first..<count : nil
        case .between(let first, let last): first < count ? first..<min(last, count - 1) + 1 : nil
        case .suffix(let length): length > 0 ? max(0, count - length)..<count : nil
        }
    }

    /// A number of digits and nothing else.
    private static func position(_ digits: ArraySlice<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.allSatisfy(\.isDigit) else { return nil }
        return Int(String(decoding: digits, as: UTF8.self)) ?? .max
    }
}
