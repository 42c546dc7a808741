/// The line in front of a chunk: `chunk-size [ chunk-ext ]` (RFC 9112 section 7.1).
struct ChunkLine {
    /// The number of bytes in the chunk; 0 for the last.
    let size: Int
    /// How long the extensions are, in bytes.
    ///
    /// They are checked and then ignored.
    let extensionBytes: Int

    /// Reads a line without its line end.
    init(_ line: ArraySlice<UInt8>) throws(HTTPError) {
        let digits = line.prefix { $0.hexadecimalValue != nil }
        guard !digits.isEmpty else { throw .invalidChunk("\(String(quoting: line)) does not begin with a size") }
        let significant = digits.drop { $0 == 0x30 }
        guard significant.count <= 15, let size = Int("0" + String(decoding: significant, as: UTF8.self), radix: 16)
        else { throw .invalidChunk("the size \(String(quoting: digits)) is too large") }
        self.size = size
        let rest = line[digits.endIndex...]
        extensionBytes = rest.count
        guard !rest.isEmpty else { return }
        // White space is allowed in front of a ";" and so only where one follows.
        let pieces = FieldList.split(rest, at: .semicolon)
        guard pieces.count > 1, pieces[0].isEmpty, pieces.dropFirst().allSatisfy(Self.isExtension),
            rest.last?.isSpaceOrTab == false
        else { throw .invalidChunk("\(String(quoting: rest)) is no chunk extension") }
    }

    /// Whether the piece is `name [ BWS "=" BWS value ]`.
    private static func isExtension(_ piece: ArraySlice<UInt8>) -> Bool {
        guard let equals = piece.firstIndex(of: .equals) else { return piece.isToken }
        return piece[..<equals].trimmed.isToken && FieldList.unquoted(piece[(equals + 1)...].trimmed) != nil
    }
}
