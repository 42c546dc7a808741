internal import HTTPTypes
internal import Switchback

/// What `Prefer` says (RFC 7240): preferences, of which nobody has to know any.
struct PreferField: Equatable {
    /// Whether the client would rather be answered later: `respond-async` (RFC 7240, section 4.1).
    let respondsAsync: Bool
    /// Our own parameter of it, as in `respond-async; priority=low`; nil where there is none that we know.
    let priority: JobPriority?

    init(_ fields: HTTPFields) {
        let preferences = fields[values: .prefer].flatMap { $0.split(separator: ",") }
            .map { $0.lowercased().split(separator: ";").map { $0.filter { !$0.isWhitespace } } }
        // Of a preference that is there twice the first counts (RFC 7240, section 2).
        let asynchronous = preferences.first { $0.first?.prefix { $0 != "=" } == "respond-async" }
        respondsAsync = asynchronous != nil
        priority = asynchronous?.dropFirst().lazy.compactMap(Self.priority).first
    }

    private static func priority(_ parameter: String) -> JobPriority? {
        let parts = parameter.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, parts[0] == "priority" else { return nil }
        return JobPriority(rawValue: parts[1].filter { $0 != "\"" })
    }
}
