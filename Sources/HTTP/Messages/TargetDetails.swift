/// What a target has besides a plain path, in an object that most requests do without.
///
/// Parts of which there are many are taken anew from the target each time they are asked for: a thousand short ones take
/// a multiple of the bytes that they were sent in, and every connection may hold a head.
final class TargetDetails: Sendable {
    /// So many segments of a path are kept.
    static let keptSegments = 8
    /// So many pairs of a query are kept.
    static let keptPairs = 16

    let form: RequestTarget.Form
    let scheme: String?
    let authority: String?
    /// Where the path lies in the target.
    let path: Range<Int>
    /// Where the query begins in the target; nil without one.
    let queryStart: Int?
    /// The decoded segments of the path; nil where they are many.
    let segments: [String]?
    /// The decoded pairs of the query; nil where they are many.
    let query: [QueryPair]?

    /// Those of a target that is taken apart.
    init(
        form: RequestTarget.Form, scheme: String? = nil, authority: String? = nil, path: Range<Int> = 0..<0,
        segments: [String] = [], queryStart: Int? = nil, query: [QueryPair] = []
    ) {
        self.form = form
        self.scheme = scheme
        self.authority = authority
        self.path = path
        self.queryStart = queryStart
        self.segments = segments.count > Self.keptSegments ? nil : segments
        self.query = query.count > Self.keptPairs ? nil : query
    }
}
