/// Why a text is not JSON, or not the JSON that is taken.
struct JSONSyntaxError: Error, Equatable, CustomStringConvertible {
    /// The byte at which reading stopped.
    let offset: Int
    let reason: String

    var description: String { "byte \(offset): \(reason)" }
}

/// Reads a JSON text (RFC 8259) strictly: a member given twice is an error, since one of the two would be lost, and
/// nesting and number of values are bounded, so that no text exhausts the stack, or takes a multiple of its bytes in memory.
struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0

    /// The deepest nesting taken.
    static let maximumDepth = 16
    /// The most values taken, arrays and objects among them: no request needs a hundred.
    static let maximumValues = 10_000
    private var values = 0

    /// The value that `bytes` holds, and nothing behind it.
    static func parse(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSON {
        var parser = JSONParser(bytes: bytes)
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.error("the document goes on after its end") }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func error(_ reason: String) -> JSONSyntaxError { JSONSyntaxError(offset: position, reason: reason) }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSON {
        guard depth <= Self.maximumDepth else { throw error("nested deeper than \(Self.maximumDepth) levels") }
        values += 1
        guard values <= Self.maximumValues else { throw error("more than \(Self.maximumValues) values") }
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): return .object(try members(depth: depth))
        case UInt8(ascii: "["): return .array(try elements(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case .some: return try number()
        case nil: throw error("the document ends where a value should be")
        }
    }

    private mutating func members(depth: Int) throws(JSONSyntaxError) -> [JSON.Member] {
        position += 1
        var members: [JSON.Member] = []
        var names: Set<String> = []
        skipSpace()
        if take("}") { return members }
        while true {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw error("a member's name should be here, in quotes") }
            let name = try string()
            guard names.insert(name).inserted else { throw error("member '\(name)' is given more than once") }
            skipSpace()
            guard take(":") else { throw error("':' should follow a member's name") }
            members.append(JSON.Member(name, try value(depth: depth + 1)))
            skipSpace()
            if take("}") { return members }
            guard take(",") else { throw error("',' or '}' should be here") }
        }
    }

    private mutating func elements(depth: Int) throws(JSONSyntaxError) -> [JSON] {
        position += 1
        var elements: [JSON] = []
        skipSpace()
        if take("]") { return elements }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if take("]") { return elements }
            guard take(",") else { throw error("',' or ']' should be here") }
        }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func word(_ text: String, _ value: JSON) throws(JSONSyntaxError) -> JSON {
        guard bytes[position...].starts(with: text.utf8) else { throw error("no JSON value starts like this") }
        position += text.utf8.count
        return value
    }

    private mutating func number() throws(JSONSyntaxError) -> JSON {
        let start = position
        while let byte = current, Self.isPartOfNumber(byte) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard text.wholeMatch(of: #/-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/#) != nil,
            let number = Double(text), number.isFinite
        else {
            position = start
            throw error("no JSON value starts like this")
        }
        return Int(text).map(JSON.integer) ?? .double(number)
    }

    private static func isPartOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    /// A string's text.
    ///
    /// A long run without escapes, as base64 is, is taken in one piece.
    private mutating func string() throws(JSONSyntaxError) -> String {
        position += 1
        var text: [UInt8] = []
        while true {
            let start = position
            while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
                position += 1
            }
            text.append(contentsOf: bytes[start..<position])
            guard let byte = current else { throw error("the document ends inside a string") }
            guard byte >= 0x20 else { throw error("a control character stands in a string") }
            position += 1
            if byte == UInt8(ascii: "\"") { break }
            text.append(contentsOf: String(try escaped()).utf8)
        }
        guard let string = String(validating: text, as: UTF8.self) else { throw error("a string is not UTF-8") }
        return string
    }

    private mutating func escaped() throws(JSONSyntaxError) -> Unicode.Scalar {
        guard let byte = current else { throw error("the document ends inside a string") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try codeUnit()
            guard (0xD800..<0xDC00).contains(unit) else { return try scalar(unit) }
            guard take("\\"), take("u") else { throw error("half a surrogate pair") }
            let low = try codeUnit()
            guard (0xDC00..<0xE000).contains(low) else { throw error("half a surrogate pair") }
            return try scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        default: throw error("no such escape")
        }
    }

    private func scalar(_ value: UInt32) throws(JSONSyntaxError) -> Unicode.Scalar {
        guard let scalar = Unicode.Scalar(value) else { throw error("half a surrogate pair") }
        return scalar
    }

    private mutating func codeUnit() throws(JSONSyntaxError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw error("the document ends inside a string") }
        var unit: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw error("four hexadecimal digits should follow \\u")
            }
            unit = unit << 4 | UInt32(digit)
        }
        position += 4
        return unit
    }
}
