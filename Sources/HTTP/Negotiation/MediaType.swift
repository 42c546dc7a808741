/// A media type with its parameters, as `Content-Type` gives it (RFC 9110 section 8.3.1).
public struct MediaType: Hashable, Sendable {
    /// The part before the slash, in lower case.
    public let type: String
    /// The part behind the slash, in lower case.
    public let subtype: String
    /// The values of the parameters by their names in lower case, without quotes.
    public let parameters: [String: String]

    /// Type and subtype, like `image/png`.
    public var essence: String { "\(type)/\(subtype)" }

    /// The media type in that text; nil if it is none, or has a parameter twice.
    public init?(_ text: String) {
        self.init(Array(text.utf8)[...])
    }

    init?(_ bytes: ArraySlice<UInt8>) {
        let pieces = FieldList.split(bytes, at: .semicolon)
        let names = pieces[0].split(separator: .slash, maxSplits: 1, omittingEmptySubsequences: false)
        guard names.count == 2, names[0].isToken, names[1].isToken,
            let parameters = FieldList.parameters(pieces.dropFirst())
        else { return nil }
        type = String(decoding: names[0].map(\.lowercased), as: UTF8.self)
        subtype = String(decoding: names[1].map(\.lowercased), as: UTF8.self)
        self.parameters = Dictionary(
            uniqueKeysWithValues: parameters.map { ($0.name, String(decoding: $0.value, as: UTF8.self)) })
    }
}
