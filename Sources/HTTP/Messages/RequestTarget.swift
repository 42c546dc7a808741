public import HTTPTypes

/// A name and a value of a query or form, decoded.
public struct QueryPair: Hashable, Sendable {
    /// What stands before the first "=", or all if there is none.
    public var name: String
    /// What stands behind the first "=", or nothing.
    public var value: String

    /// A pair of a name and a value.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// The target of a request, taken apart and decoded (RFC 9112 section 3.2, RFC 3986).
public struct RequestTarget: Hashable, Sendable {
    /// The ways to write a target that an origin server answers.
    public enum Form: Hashable, Sendable {
        /// `/path?query`
        case origin
        /// `http://host/path?query`
        case absolute
        /// `*`, for `OPTIONS` alone
        case asterisk
    }

    let parts: RequestParts

    /// The target as sent.
    public var raw: String { parts.raw }
    /// How it is written.
    public var form: Form { parts.details?.form ?? .origin }
    /// The scheme of an absolute target, `http` or `https`.
    public var scheme: String? { parts.details?.scheme }
    /// Host and port of an absolute target, as sent.
    public var authority: String? { parts.details?.authority }
    /// The pieces between the slashes of the path, each decoded on its own: `/a/b%2Fc/` has `a`, `b/c` and an empty
    /// one.
    ///
    /// Dot segments are removed (RFC 3986 section 5.2.4), encoded or not, so none is `.` or `..`.
    public var segments: [String] {
        guard let details = parts.details else { return Self.pieces(of: parts.raw) }
        return details.segments ?? Self.segments(in: details.path, of: parts.raw)
    }
    /// What stands behind the "?", as sent; nil without one.
    public var rawQuery: String? {
        parts.details?.queryStart.map { String(Substring(parts.raw.utf8.dropFirst($0))) }
    }
    /// The pairs of the query in their order, "+" standing for a space.
    ///
    /// Empty pieces are left out.
    public var query: [QueryPair] {
        guard let details = parts.details else { return [] }
        return details.query ?? Self.pairs(of: rawQuery ?? "")
    }

    /// The decoded path; `*` for the asterisk.
    public var path: String {
        guard let details = parts.details else { return parts.raw }
        return details.form == .asterisk ? "*" : "/" + segments.joined(separator: "/")
    }

    /// The values of all pairs of that name, in order.
    public func values(_ name: String) -> [String] {
        query.lazy.filter { $0.name == name }.map(\.value)
    }

    /// The target that a request line of that method holds; throws ``HTTPError/invalidTarget(_:)`` if it is none,
    /// ``HTTPError/tooManyFormFields(limit:)`` for more than 1,000 pairs.
    public init(_ text: String, method: HTTPRequest.Method = .get) throws(HTTPError) {
        try self.init(text.utf8.span, method: method, version: .http11, limits: Limits())
    }

    /// The target of a request line.
    init(_ parts: RequestParts) {
        self.parts = parts
    }

    /// The target of a request line with that method and version.
    init(_ bytes: Span<UInt8>, method: HTTPRequest.Method, version: HTTPVersion, limits: Limits) throws(HTTPError) {
        parts = RequestParts(
            method: method, version: version, raw: String(decoding: bytes),
            details: Self.isPlainPath(bytes) ? nil : try Self.details(of: bytes, method: method, limits: limits))
    }

    /// Whether the target is a path that is decoded as it stands: most are.
    private static func isPlainPath(_ bytes: Span<UInt8>) -> Bool {
        guard !bytes.isEmpty, bytes[0] == .slash else { return false }
        var index = 1
        while index < bytes.count {
            let byte = bytes[index]
            if !ByteSet.plainPath.contains(byte) {
                // What begins with a dot may be a dot segment.
                guard byte == .period, bytes[index - 1] != .slash else { return false }
            }
            index += 1
        }
        return true
    }

    /// The segments of a plain path.
    private static func pieces(of path: String) -> [String] {
        path.utf8.dropFirst().split(separator: .slash, omittingEmptySubsequences: false).map { String(Substring($0)) }
    }

    /// A target taken apart.
    private static func details(
        of bytes: Span<UInt8>, method: HTTPRequest.Method, limits: Limits
    ) throws(HTTPError) -> TargetDetails {
        if bytes.count == 1, bytes[0] == .asterisk {
            guard method == .options else { throw .invalidTarget("'*' is for OPTIONS alone") }
            return TargetDetails(form: .asterisk)
        }
        let start = try start(of: bytes)
        let question = bytes.firstIndex(of: .questionMark, from: start.pathStart)
        let path = start.pathStart..<(question ?? bytes.count)
        let segments = try segments(of: bytes.extracting(path))
        guard let question else {
            return TargetDetails(
                form: start.form, scheme: start.scheme, authority: start.authority, path: path, segments: segments)
        }
        let queryBytes = bytes.extracting(droppingFirst: question + 1)
        if let odd = queryBytes.firstOdd({ $0.isQueryByte }) {
            throw .invalidTarget("the byte \(String(quoting: [odd])) in the query must be percent-encoded")
        }
        return TargetDetails(
            form: start.form, scheme: start.scheme, authority: start.authority, path: path, segments: segments,
            queryStart: question + 1, query: try pairs(of: queryBytes, limits: limits))
    }

    /// Whether both were sent alike: all the rest follows from that.
    public static func == (one: RequestTarget, other: RequestTarget) -> Bool {
        one.raw == other.raw
    }

    /// Feeds the target as sent.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(raw)
    }

    private struct Start {
        var form = Form.origin
        var scheme: String?
        var authority: String?
        var pathStart = 0
    }

    /// What stands in front of the path.
    private static func start(of bytes: Span<UInt8>) throws(HTTPError) -> Start {
        if !bytes.isEmpty, bytes[0] == .slash { return Start() }
        for (scheme, prefix) in [("http", "http://"), ("https", "https://")] as [(String, StaticString)] {
            let length = prefix.utf8CodeUnitCount
            guard bytes.count > length, bytes.extracting(first: length).isEqualIgnoringCase(to: prefix) else {
                continue
            }
            var end = length
            while end < bytes.count, bytes[end] != .slash, bytes[end] != .questionMark { end += 1 }
            let authority = bytes.extracting(length..<end)
            guard Authority.isValid(authority) else {
                throw .invalidTarget("\(String(quoting: authority)) is no host")
            }
            return Start(form: .absolute, scheme: scheme, authority: String(decoding: authority), pathStart: end)
        }
        throw .invalidTarget("\(String(quoting: bytes)) starts with neither '/' nor 'http://'")
    }

    /// The decoded segments of a path, which is empty (an absolute target may end with its host) or begins with "/".
    private static func segments(of path: Span<UInt8>) throws(HTTPError) -> [String] {
        if let odd = path.firstOdd({ $0.isPathByte }) {
            throw .invalidTarget("the byte \(String(quoting: [odd])) in the path must be percent-encoded")
        }
        var segments: [String] = []
        var endsInDots = false
        var start = 1
        while start <= path.count {
            let end = path.firstIndex(of: .slash, from: start) ?? path.count
            let segment = try segment(path.extracting(start..<end))
            endsInDots = segment.utf8.count <= 2 && (segment == "." || segment == "..")
            if endsInDots {
                if segment == ".." { _ = segments.popLast() }
            } else {
                segments.append(segment)
            }
            start = end + 1
        }
        return endsInDots || segments.isEmpty ? segments + [""] : segments
    }

    private static func segment(_ piece: Span<UInt8>) throws(HTTPError) -> String {
        guard piece.firstIndex(of: .percent) != nil else { return String(decoding: piece) }
        guard let segment = PercentEncoding.decode(piece), !segment.utf8.contains(where: { $0.isControl }) else {
            throw .invalidTarget("\(String(quoting: piece)) is not percent-encoded UTF-8 text")
        }
        return segment
    }

    /// The segments of a path that was read before, which lies there in the target.
    private static func segments(in path: Range<Int>, of raw: String) -> [String] {
        let bytes = Array(raw.utf8.dropFirst(path.lowerBound).prefix(path.count))
        return (try? segments(of: bytes.span)) ?? []
    }

    /// The pairs of a query that was read before, however many.
    private static func pairs(of query: String) -> [QueryPair] {
        (try? pairs(of: Array(query.utf8).span, limits: Limits(maximumFormFields: .max))) ?? []
    }

    private static func pairs(of query: Span<UInt8>, limits: Limits) throws(HTTPError) -> [QueryPair] {
        do {
            return try FormURLEncoded.pairs(of: query, limits: limits)
        } catch HTTPError.invalidForm(let reason) {
            throw .invalidTarget(reason)
        }
    }
}
