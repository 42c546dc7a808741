/// Why bytes are not an NPY file that can be read.
public enum NPYError: Error, Equatable, Sendable {
    /// The bytes do not start with the NPY signature; `found` is what they start with.
    case notNPY(found: [UInt8])
    /// The format version is none of 1.0, 2.0 and 3.0.
    case unsupportedVersion(major: Int, minor: Int)
    /// The file ends within its header: so many bytes were needed, so many are there.
    case truncatedHeader(expected: Int, found: Int)
    /// The header claims to be longer than any that is read.
    case headerTooLong(found: Int, maximum: Int)
    /// The header is not the dictionary it should be; `offset` counts bytes from its start.
    case malformedHeader(reason: String, offset: Int)
    /// The element type is not one that becomes a 32-bit float.
    case unsupportedType(found: String)
    /// The array is larger than the caller takes.
    case tooManyElements(shape: [Int], maximum: Int)
    /// The data is shorter or longer than the shape and element size (both from the header) say.
    case dataLength(shape: [Int], elementSize: Int, found: Int)
}

extension NPYError: CustomStringConvertible {
    /// The fault in words: what was found and what is allowed.
    public var description: String {
        switch self {
        case .notNPY(let found):
            "not an NPY file: it starts with \(NPYError.hexadecimal(found)), an NPY file with "
                + NPYError.hexadecimal(NPY.magic)
        case .unsupportedVersion(let major, let minor):
            "NPY version \(major).\(minor) is not read; 1.0, 2.0 and 3.0 are"
        case .truncatedHeader(let expected, let found):
            "the NPY header needs \(expected) bytes, the file has \(found)"
        case .headerTooLong(let found, let maximum):
            "the NPY header says it is \(found) bytes long; at most \(maximum) are read"
        case .malformedHeader(let reason, let offset):
            "the NPY header is not as NumPy writes it: at byte \(offset) \(reason)"
        case .unsupportedType(let found):
            "NPY elements of type '\(NPYError.printable(found))' are not read; allowed are f2, f4, f8, "
                + "i1, i2, i4, i8, u1, u2, u4, u8 and b1, with '<', '>' or (one byte) '|' before them"
        case .tooManyElements(let shape, let maximum):
            "an NPY array of shape \(shape) is too large; at most \(maximum) elements are read"
        case .dataLength(let shape, let elementSize, let found):
            "an NPY array of shape \(shape) with \(elementSize) bytes an element is followed by \(found) bytes of data; "
                + "there must be exactly as many as the shape needs"
        }
    }

    /// Text from a file, fit to be shown: at most 40 characters, nothing that is not printable ASCII.
    static func printable(_ text: String) -> String {
        let safe = text.unicodeScalars.prefix(40).map { (0x20..<0x7F).contains($0.value) ? Character($0) : "?" }
        return String(safe) + (text.unicodeScalars.count > 40 ? "…" : "")
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        if bytes.isEmpty { return "nothing" }
        return bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true) }
            .joined(separator: " ")
    }
}
