/// Tables of text as RFC 4180 has them: fields between commas, in quotes where they hold commas, quotes or line ends.
///
/// Lines end with CR LF or LF; a byte order mark in front is left out, and so are empty lines.
enum CommaSeparatedValues {
    /// One line of a table.
    struct Row: Equatable {
        /// The number of the line on which it begins, from 1.
        let line: Int
        let fields: [String]
    }

    /// The most fields in a row.
    static let maximumFields = 256

    /// The rows of a table; `place` names it in messages.
    ///
    /// - Parameters:
    ///   - maximumRows: how many rows it may have; what is a few bytes in the table is a hundred in memory.
    /// - Throws: `SwitchbackError.badDataset` with the line where quotes are wrong, for more than ``maximumFields`` in a row,
    ///   for too many rows, and for bytes that are not UTF-8.
    static func rows(of bytes: [UInt8], at place: String, maximumRows: Int) throws(SwitchbackError) -> [Row] {
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        guard String(validating: text, as: UTF8.self) != nil else {
            throw .badDataset(.malformed, reason: "\(place): the table is not UTF-8")
        }
        var reader = Reader(bytes: text, place: place)
        var rows: [Row] = []
        while let row = try reader.next() {
            guard row.fields != [""] else { continue }
            guard rows.count < maximumRows else {
                throw .badDataset(.tooLarge, reason: "\(place):\(row.line): more than \(maximumRows) rows")
            }
            rows.append(row)
        }
        return rows
    }

    private struct Reader {
        let bytes: ArraySlice<UInt8>
        let place: String
        private var position: Int
        private var line = 1

        init(bytes: ArraySlice<UInt8>, place: String) {
            (self.bytes, self.place, position) = (bytes, place, bytes.startIndex)
        }

        private var current: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

        /// The next row; nil behind the last.
        mutating func next() throws(SwitchbackError) -> Row? {
            guard position < bytes.endIndex else { return nil }
            let first = line
            var fields = [try field()]
            while current == UInt8(ascii: ",") {
                position += 1
                guard fields.count < maximumFields else { throw broken("more than \(maximumFields) fields") }
                fields.append(try field())
            }
            if current == UInt8(ascii: "\r") { position += 1 }
            if let byte = current {
                guard byte == UInt8(ascii: "\n") else { throw broken("a carriage return without a line feed") }
                position += 1
                line += 1
            }
            return Row(line: first, fields: fields)
        }

        /// One field; the position is then at the comma or line end behind it.
        private mutating func field() throws(SwitchbackError) -> String {
            guard current == UInt8(ascii: "\"") else {
                let start = position
                while let byte = current, !Self.ends(byte) {
                    if byte == UInt8(ascii: "\"") {
                        throw broken("a quote inside a field that does not begin with one")
                    }
                    position += 1
                }
                return String(decoding: bytes[start..<position], as: UTF8.self)
            }
            return try quoted()
        }

        private mutating func quoted() throws(SwitchbackError) -> String {
            var content: [UInt8] = []
            position += 1
            while let byte = current {
                position += 1
                if byte == UInt8(ascii: "\n") { line += 1 }
                guard byte == UInt8(ascii: "\"") else {
                    content.append(byte)
                    continue
                }
                guard current == UInt8(ascii: "\"") else {
                    guard current.map(Self.ends) ?? true else { throw broken("text behind a closing quote") }
                    return String(decoding: content, as: UTF8.self)
                }
                content.append(byte)
                position += 1
            }
            throw broken("a quote that is not closed")
        }

        /// Whether a field ends before this byte.
        private static func ends(_ byte: UInt8) -> Bool {
            byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
        }

        private func broken(_ what: String) -> SwitchbackError {
            .badDataset(.malformed, reason: "\(place):\(line): \(what)")
        }
    }
}
