/// Lists and parameters inside header values (RFC 9110 sections 5.6.1, 5.6.4 and 5.6.6).
enum FieldList {
    /// The elements of a comma-separated list, trimmed, empty ones left out.
    ///
    /// Commas in quoted strings do not separate.
    static func elements(of value: String) -> [ArraySlice<UInt8>] {
        split(Array(value.utf8)[...], at: .comma).filter { !$0.isEmpty }
    }

    /// The pieces between the separators that stand outside quoted strings, trimmed.
    static func split(_ bytes: ArraySlice<UInt8>, at separator: UInt8) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = bytes.startIndex
        var isQuoted = false
        var index = start
        while index < bytes.endIndex {
            switch bytes[index] {
            case .quote: isQuoted.toggle()
            case .backslash where isQuoted: index += 1
            case separator where !isQuoted:
                pieces.append(bytes[start..<index].trimmed)
                start = index + 1
            default: break
            }
            index += 1
        }
        pieces.append(bytes[start...].trimmed)
        return pieces
    }

    /// How backslashes in a quoted string are meant.
    enum Escapes {
        /// Before any character (RFC 9110 section 5.6.4).
        case any
        /// Before a quote or a backslash alone: file names of Windows hold single ones.
        case quotesAndBackslashes
    }

    /// The value of a token or quoted string; nil if it is neither.
    static func unquoted(_ bytes: ArraySlice<UInt8>, escapes: Escapes = .any) -> [UInt8]? {
        guard bytes.first == .quote else { return bytes.isToken ? Array(bytes) : nil }
        guard bytes.count >= 2, bytes.last == .quote else { return nil }
        let inner = bytes.dropFirst().dropLast()
        var value: [UInt8] = []
        var index = inner.startIndex
        while index < inner.endIndex {
            var byte = inner[index]
            if byte == .quote { return nil }
            if byte == .backslash {
                let next = index + 1 < inner.endIndex ? inner[index + 1] : nil
                // A backslash in front of the closing quote leaves the string open.
                guard let next else { return nil }
                if escapes == .any || next == .quote || next == .backslash {
                    byte = next
                    index += 1
                }
            }
            guard byte.isFieldValueByte else { return nil }
            value.append(byte)
            index += 1
        }
        return value
    }

    /// A parameter: its name in lower case, and its value without quotes.
    struct Parameter {
        let name: String
        let value: [UInt8]
    }

    /// The parameters in the pieces `name=value`; nil if one is malformed or a name stands twice.
    static func parameters(
        _ pieces: some Sequence<ArraySlice<UInt8>>, escapes: Escapes = .any
    ) -> [Parameter]? {
        var parameters: [Parameter] = []
        for piece in pieces where !piece.isEmpty {
            guard let equals = piece.firstIndex(of: .equals), piece[..<equals].isToken,
                let value = unquoted(piece[(equals + 1)...], escapes: escapes)
            else { return nil }
            let name = String(decoding: piece[..<equals].map(\.lowercased), as: UTF8.self)
            guard !parameters.contains(where: { $0.name == name }) else { return nil }
            parameters.append(Parameter(name: name, value: value))
        }
        return parameters
    }
}
