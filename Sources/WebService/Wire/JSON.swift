/// A JSON document as a value, its members in the order in which they are written (RFC 8259).
///
/// The service writes JSON itself so that the same answer has the same bytes: members keep their order, and a 32-bit
/// float is written as the shortest decimal that reads back as the same float.
public enum JSON: Equatable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A whole number.
    case integer(Int)
    /// A 32-bit float; a value that is not finite is written as `null`, since JSON has no word for it.
    case number(Float)
    /// A 64-bit float, alike.
    case double(Double)
    /// A string.
    case string(String)
    /// A list.
    case array([JSON])
    /// A list that may be long: its elements are made one after the other as they are written.
    case list(JSONElements)
    /// Members in order.
    case object([Member])
    /// An array's values as a string: base64 of their bytes, little-endian.
    case packed(ArrayValues)
    /// An array's values as lists in lists.
    case nested(ArrayValues)

    /// One member of an object.
    public struct Member: Equatable, Sendable {
        let name: String
        let value: JSON

        /// The member `name` with `value`.
        public init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    /// An object of `members` in the order given.
    static func members(_ members: KeyValuePairs<String, JSON>) -> JSON {
        .object(members.map { Member($0.key, $0.value) })
    }

    /// A string, or null.
    static func optional(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }

    /// The document as UTF-8, followed by a line feed.
    public func encoded() -> [UInt8] {
        var writer = JSONWriter()
        // Grown in steps a large document would be there twice over.
        writer.bytes.reserveCapacity(largestLength + 1)
        writer.write(self)
        writer.bytes.append(UInt8(ascii: "\n"))
        return writer.bytes
    }
}

/// Writes documents as compact UTF-8.
struct JSONWriter {
    var bytes: [UInt8] = []

    mutating func write(_ value: JSON) {
        switch value {
        case .null: append("null")
        case .bool(let flag): append(flag ? "true" : "false")
        case .integer(let number): append(String(number))
        case .number(let number): append(number.isFinite ? number.description : "null")
        case .double(let number): append(number.isFinite ? number.description : "null")
        case .string(let text): write(quoted: text)
        case .array(let elements): write(list: elements, between: "[", and: "]") { $0.write($1) }
        case .list(let elements): write(elements)
        case .packed(let values): write(packed: values)
        case .nested(let values): write(nested: values)
        case .object(let members):
            write(list: members, between: "{", and: "}") {
                $0.write(quoted: $1.name)
                $0.append(":")
                $0.write($1.value)
            }
        }
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func write<Element>(
        list: [Element], between open: String, and close: String, _ write: (inout JSONWriter, Element) -> Void
    ) {
        append(open)
        for (index, element) in list.enumerated() {
            if index > 0 { append(",") }
            write(&self, element)
        }
        append(close)
    }

    private mutating func write(_ elements: JSONElements) {
        append("[")
        var isFirst = true
        elements.forEach { element in
            if !isFirst { append(",") }
            isFirst = false
            write(element)
        }
        append("]")
    }

    /// Escapes what RFC 8259 section 7 requires and nothing else; a base64 string passes through in one run.
    private mutating func write(quoted text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): append("\\\"")
            case UInt8(ascii: "\\"): append("\\\\")
            case 0x0A: append("\\n")
            case 0x0D: append("\\r")
            case 0x09: append("\\t")
            case 0..<0x20: append("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

extension JSONElements {
    fileprivate var largestLength: Int {
        var length = 2
        forEach { length += $0.largestLength + 1 }
        return length
    }
}

extension JSON {
    /// About how long the document is at most, in bytes; what arrays take is counted, the rest is small.
    fileprivate var largestLength: Int {
        switch self {
        case .array(let elements): elements.reduce(2) { $0 + $1.largestLength + 1 }
        case .list(let elements): elements.largestLength
        case .object(let members): members.reduce(2) { $0 + $1.name.utf8.count + $1.value.largestLength + 4 }
        case .packed(let values): 2 + (values.count * 4 + 2) / 3 * 4
        // A float has 14 characters at most, as -1.2345678e-38, and a comma behind it.
        case .nested(let values): 2 + values.count * 16
        case .string(let text): text.utf8.count + 2
        case .integer(let number) where (0..<10_000_000).contains(number): 7
        case .null, .bool, .integer, .number, .double: 24
        }
    }
}

extension JSON {
    /// The document that `bytes` hold (RFC 8259), read strictly: nothing behind it, no member twice, 16 levels at most.
    ///
    /// - Throws: an error that says at which byte reading stopped, and why.
    public init(parsing bytes: [UInt8]) throws {
        self = try JSONParser.parse(bytes)
    }
}
