/// A validator of a representation (RFC 9110 section 8.8.3).
public struct EntityTag: Hashable, Sendable {
    /// What stands between the quotes.
    public let opaque: String
    /// Whether equal tags promise equal meaning only, not equal bytes.
    public let isWeak: Bool

    /// A tag of that text, which holds neither quotes nor control characters nor white space; a strong one unless
    /// said otherwise.
    public init(_ opaque: String, isWeak: Bool = false) {
        precondition(opaque.utf8.allSatisfy(Self.isTagByte), "'\(opaque)' cannot be an entity tag")
        self.opaque = opaque
        self.isWeak = isWeak
    }

    /// The tag in the form of a header, `"…"` or `W/"…"`; nil if it is none.
    public init?(parsing text: String) {
        self.init(Array(text.utf8)[...])
    }

    private init?(_ bytes: ArraySlice<UInt8>) {
        let isWeak = bytes.starts(with: "W/".utf8)
        let quoted = isWeak ? bytes.dropFirst(2) : bytes
        guard quoted.count >= 2, quoted.first == .quote, quoted.last == .quote else { return nil }
        let inner = quoted.dropFirst().dropLast()
        guard inner.allSatisfy(Self.isTagByte), let opaque = String(validating: inner, as: UTF8.self) else {
            return nil
        }
        self.opaque = opaque
        self.isWeak = isWeak
    }

    /// Whether `If-None-Match` names this tag, or is `*`: what the client holds is current (304 to GET and HEAD).
    ///
    /// The comparison is weak. A field that is absent or malformed names nothing.
    public func matches(ifNoneMatch field: String?) -> Bool {
        Self.names(field) { $0.opaque == opaque }
    }

    /// Whether `If-Match` names this tag, or is `*`; else the condition fails (412).
    ///
    /// The comparison is strong.
    ///
    /// A field that is absent or malformed names nothing.
    public func matches(ifMatch field: String?) -> Bool {
        Self.names(field) { $0.opaque == opaque && !$0.isWeak && !isWeak }
    }

    private static func names(_ field: String?, _ isThis: (EntityTag) -> Bool) -> Bool {
        guard let field else { return false }
        let elements = tags(field)
        if elements.count == 1, elements[0].elementsEqual([.asterisk]) { return true }
        let parsed = elements.map { EntityTag($0) }
        return !parsed.contains(nil) && parsed.contains { $0.map(isThis) ?? false }
    }

    /// The elements of a list of tags.
    ///
    /// Backslashes mean nothing in them, so this is no list of quoted strings.
    private static func tags(_ field: String) -> [ArraySlice<UInt8>] {
        var isQuoted = false
        let pieces = Array(field.utf8).split(omittingEmptySubsequences: true) { byte in
            if byte == .quote { isQuoted.toggle() }
            return byte == .comma && !isQuoted
        }
        return pieces.map(\.trimmed).filter { !$0.isEmpty }
    }

    /// Whether the byte is an `etagc`.
    private static func isTagByte(_ byte: UInt8) -> Bool {
        byte == 0x21 || byte >= 0x23 && byte != 0x7F
    }
}

extension EntityTag: CustomStringConvertible {
    /// The tag in the form of a header.
    public var description: String { "\(isWeak ? "W/" : "")\"\(opaque)\"" }
}
