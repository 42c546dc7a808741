/// The header of an NPY file: a Python dictionary literal of exactly three entries.
///
/// Read by a scanner of its own that knows strings, booleans and a flat tuple of integers, and nothing else of Python:
/// there is no nesting and so no recursion.
struct NPYHeader: Equatable {
    private(set) var descriptor = ""
    private(set) var isFortranOrder = false
    private(set) var shape: [Int] = []

    init(parsing text: ArraySlice<UInt8>) throws(NPYError) {
        var scanner = NPYHeaderScanner(text)
        var seen: [String] = []
        try scanner.expect("{")
        while !scanner.skip("}") {
            let key = try scanner.string()
            if seen.contains(key) { throw scanner.malformed("'\(key)' is given twice") }
            seen.append(key)
            try scanner.expect(":")
            switch key {
            case "descr":
                guard scanner.isAtString else { throw .unsupportedType(found: scanner.remainder) }
                descriptor = try scanner.string()
            case "fortran_order": isFortranOrder = try scanner.boolean()
            case "shape": shape = try scanner.tuple()
            default: throw scanner.malformed("the entry '\(NPYError.printable(key))' is not known")
            }
            if scanner.skip(",") { continue }
            try scanner.expect("}")
            break
        }
        try scanner.expectEnd()
        for key in ["descr", "fortran_order", "shape"] where !seen.contains(key) {
            throw scanner.malformed("'\(key)' is missing")
        }
    }
}

/// Takes tokens off an NPY header, skipping blanks before each.
struct NPYHeaderScanner {
    private let text: ArraySlice<UInt8>
    private var position: Int

    init(_ text: ArraySlice<UInt8>) {
        self.text = text
        position = text.startIndex
    }

    /// The error of a header that is wrong at this place.
    func malformed(_ reason: String) -> NPYError {
        .malformedHeader(reason: reason, offset: position - text.startIndex)
    }

    /// What has not been read, for messages.
    var remainder: String { String(decoding: text[position...], as: UTF8.self) }

    /// Whether a string literal comes next.
    var isAtString: Bool {
        mutating get {
            skipBlanks()
            return position < text.endIndex
                && (text[position] == UInt8(ascii: "'") || text[position] == UInt8(ascii: "\""))
        }
    }

    private mutating func skipBlanks() {
        while position < text.endIndex, [0x20, 0x09, 0x0A, 0x0D].contains(text[position]) { position += 1 }
    }

    /// Takes the character if it comes next, and says whether it did.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard position < text.endIndex, text[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func expect(_ character: Unicode.Scalar) throws(NPYError) {
        if !skip(character) { throw malformed("'\(character)' is expected") }
    }

    mutating func expectEnd() throws(NPYError) {
        skipBlanks()
        if position < text.endIndex { throw malformed("nothing may follow the dictionary") }
    }

    /// A string literal in either kind of quotes; one with a backslash is refused.
    mutating func string() throws(NPYError) -> String {
        guard isAtString else { throw malformed("a string is expected") }
        let quote = text[position]
        guard let end = text[(position + 1)...].firstIndex(of: quote) else { throw malformed("a string has no end") }
        let content = text[(position + 1)..<end]
        if content.contains(UInt8(ascii: "\\")) { throw malformed("a string has an escape in it") }
        position = end + 1
        return String(decoding: content, as: UTF8.self)
    }

    mutating func boolean() throws(NPYError) -> Bool {
        skipBlanks()
        for (word, value) in [("True", true), ("False", false)] where text[position...].starts(with: word.utf8) {
            position += word.utf8.count
            return value
        }
        throw malformed("True or False is expected")
    }

    /// A flat tuple of integers: `()`, `(3,)`, `(3, 227, 227)`.
    mutating func tuple() throws(NPYError) -> [Int] {
        try expect("(")
        var sizes: [Int] = []
        while !skip(")") {
            if sizes.count == NPY.maximumRank { throw malformed("a shape has at most \(NPY.maximumRank) axes") }
            sizes.append(try size())
            if skip(",") { continue }
            try expect(")")
            if sizes.count == 1 { throw malformed("a tuple of one size is written (3,)") }
            break
        }
        return sizes
    }

    /// An integer of at least 0, with the `L` that Python 2 wrote behind it or without.
    private mutating func size() throws(NPYError) -> Int {
        skipBlanks()
        if position < text.endIndex, text[position] == UInt8(ascii: "-") { throw malformed("a size is negative") }
        var value = 0
        let start = position
        while position < text.endIndex, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[position]) {
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, carry) = tenfold.addingReportingOverflow(Int(text[position] - UInt8(ascii: "0")))
            if overflow || carry { throw malformed("a size does not fit 63 bits") }
            value = next
            position += 1
        }
        if position == start { throw malformed("a size, a whole number, is expected") }
        if position < text.endIndex, text[position] == UInt8(ascii: "L") { position += 1 }
        return value
    }
}
