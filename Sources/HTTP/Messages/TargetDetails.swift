/// What a target has besides a plain path, in an object that most requests do without.
final class TargetDetails: Sendable {
    let form: RequestTarget.Form
    let scheme: String?
    let authority: String?
    let segments: [String]
    let rawQuery: String?
    let query: [QueryPair]

    /// Those of a target that is taken apart.
    init(
        form: RequestTarget.Form, scheme: String? = nil, authority: String? = nil, segments: [String] = [],
        rawQuery: String? = nil, query: [QueryPair] = []
    ) {
        self.form = form
        self.scheme = scheme
        self.authority = authority
        self.segments = segments
        self.rawQuery = rawQuery
        self.query = query
    }
}
