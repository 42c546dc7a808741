internal import HTTP
internal import HTTPTypes

/// What pages of other origins may do with answers: CORS (the Fetch standard, section 3.2) and the resource policy
/// (section 3.7), which browsers enforce.
struct CrossOrigin: Sendable {
    private enum Allowed: Equatable, Sendable {
        case nobody
        case these(Set<String>)
        case everybody
    }

    /// What preflights may be remembered for, in seconds: as long as any browser does.
    private static let maximumAge = 7200
    private static let requestFields = [
        "Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "If-Range", "Last-Event-ID",
        "Prefer", "Priority", "Range", "X-Request-Id",
    ].joined(separator: ", ")
    private static let exposedFields = [
        "Accept-Ranges", "Allow", "Content-Range", "ETag", "Location", "Preference-Applied", "Progress", "Retry-After",
        "Server-Timing", "Vary", "WWW-Authenticate", "X-Request-Id",
    ].joined(separator: ", ")

    private let allowed: Allowed

    /// No page of another origin may do anything.
    init() { allowed = .nobody }

    /// Pages of these origins may; `*` stands for all of them.
    init(allowing origins: [String], requiresTokens: Bool) throws(AccessError) {
        if origins.contains("*") {
            guard !requiresTokens else { throw .anyOriginWithTokens }
            allowed = .everybody
            return
        }
        if let bad = origins.first(where: { !Self.isOrigin($0) }) { throw .badOrigin(bad) }
        allowed = origins.isEmpty ? .nobody : .these(Set(origins))
    }

    /// Says to the browser what a page may do with an answer to `head`.
    ///
    /// A 304 comes with the type of the answer that it stands for: it says of the policy what its 200 said, which it
    /// updates. The type itself it does not repeat (RFC 9110, section 15.4.5).
    func apply(to response: inout Response, answering head: RequestHead?) {
        response.fields[.crossOriginResourcePolicy] = showsElsewhere(response) ? "cross-origin" : "same-origin"
        if response.status == .notModified { response.fields[.contentType] = nil }
        if case .these = allowed { response.fields.addVary("Origin") }
        guard let origin = allowedOrigin(of: head) else { return }
        response.fields[.accessControlAllowOrigin] = origin
        response.fields[.accessControlExposeHeaders] = Self.exposedFields
    }

    /// Adds what a preflight asks for to the answer to OPTIONS of a route that has these methods.
    func answerPreflight(_ response: inout Response, _ head: RequestHead, methods: [HTTPRequest.Method]) {
        guard head.fields[.accessControlRequestMethod] != nil, allowedOrigin(of: head) != nil else {
            return
        }
        response.fields[.accessControlAllowMethods] = methods.map(\.rawValue).joined(separator: ", ")
        response.fields[.accessControlAllowHeaders] = Self.requestFields
        response.fields[.accessControlMaxAge] = "\(Self.maximumAge)"
    }

    /// What `Access-Control-Allow-Origin` says to the request's origin; nil where that is not allowed, or there is none.
    private func allowedOrigin(of head: RequestHead?) -> String? {
        guard let origin = head?.fields[.origin] else { return nil }
        switch allowed {
        case .nobody: return nil
        case .these(let origins): return origins.contains(origin) ? origin : nil
        case .everybody: return "*"
        }
    }

    /// Whether another origin's `<img>` may show it.
    ///
    /// Such a request names no origin, and the policy has no list, so it is all or none: pictures, once any origin is
    /// allowed.
    private func showsElsewhere(_ response: Response) -> Bool {
        allowed != .nobody && response.fields[.contentType]?.hasPrefix("image/") == true
    }

    /// Whether `text` is how a browser writes an origin: scheme, host in lower case, port unless it is the usual one.
    static func isOrigin(_ text: String) -> Bool {
        for (scheme, port) in [("http://", ":80"), ("https://", ":443")] where text.hasPrefix(scheme) {
            let authority = text.dropFirst(scheme.count)
            let isPlain = authority.allSatisfy { character in
                character.isASCII && (character.isLetter || character.isNumber || ".-:[]".contains(character))
            }
            guard isPlain, !authority.hasSuffix(port), text == text.lowercased() else { return false }
            return (try? RequestTarget(text))?.authority == String(authority)
        }
        return false
    }
}

extension HTTPFields {
    /// Adds a name to the `Vary` field.
    mutating func addVary(_ name: String) {
        self[.vary] = self[.vary].map { "\($0), \(name)" } ?? name
    }
}

extension HTTPField.Name {
    /// A field's name that swift-http-types does not list.
    static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("'\(name)' cannot be a field's name") }
        return name
    }
}
