public import Jobs
internal import Switchback

/// What `GET /jobs` and the command line ask for.
public struct JobListQuery: Equatable {
    /// The parameters that may be given.
    static let names = ["state", "kind", "created_from", "created_before", "cursor", "limit"]
    /// How many jobs a page has unless told, and at most.
    static let usualLimit = 50
    static let limits = 1...500

    /// Which jobs.
    public private(set) var filter = JobFilter()
    /// Where the page begins; nil at the newest.
    public private(set) var cursor: JobCursor?
    /// How many jobs the page has.
    public private(set) var limit = Self.usualLimit
    private var given: [(name: String, value: String)] = []

    /// Whether the same is asked for.
    public static func == (left: JobListQuery, right: JobListQuery) -> Bool {
        left.filter == right.filter && left.cursor == right.cursor && left.limit == right.limit
    }

    /// Reads parameters; whose jobs are listed is not its business.
    ///
    /// - Throws: ``JobRequestError`` that names the one at fault and what is allowed.
    public init(_ pairs: [(name: String, value: String)]) throws(JobRequestError) {
        for pair in pairs {
            if given.contains(where: { $0.name == pair.name }) { throw .repeatedParameter(name: pair.name) }
            given.append((pair.name, pair.value))
            switch pair.name {
            case "state": filter.states = try Self.words(pair.name, pair.value, JobState.allCases)
            case "kind":
                filter.kinds = Set(try Self.words(pair.name, pair.value, ExplanationKind.allCases).map(\.rawValue))
            case "created_from": filter.createdFrom = try Self.time(pair.name, pair.value)
            case "created_before": filter.createdBefore = try Self.time(pair.name, pair.value)
            case "cursor": cursor = try Self.cursor(pair.value)
            case "limit": limit = try Self.limit(pair.value)
            default: throw .unknownParameter(name: pair.name, allowed: Self.names)
            }
        }
    }

    /// The address of the page that begins at `cursor`.
    func address(from cursor: JobCursor) -> String {
        let others = given.filter { $0.name != "cursor" }.map { "\($0.name)=\(Address.encoded($0.value))" }
        return Address.jobs + "?"
            + (others + ["cursor=\(cursor.created.milliseconds).\(cursor.number)"])
            .joined(separator: "&")
    }

    private static func words<Word: RawRepresentable & Hashable>(
        _ name: String, _ value: String, _ all: [Word]
    ) throws(JobRequestError) -> Set<Word> where Word.RawValue == String {
        var words: Set<Word> = []
        for text in value.split(separator: ",", omittingEmptySubsequences: false) {
            guard let word = Word(rawValue: String(text)) else {
                let allowed = all.map(\.rawValue).joined(separator: ", ")
                throw .badValue(name: name, value: value, allowed: "one or more of \(allowed), with commas")
            }
            words.insert(word)
        }
        return words
    }

    private static func time(_ name: String, _ value: String) throws(JobRequestError) -> WallTime {
        guard let time = Timestamp.time(value) else {
            throw .badValue(name: name, value: value, allowed: "a time such as 2026-01-31T12:00:00Z (RFC 3339)")
        }
        return time
    }

    private static func cursor(_ value: String) throws(JobRequestError) -> JobCursor {
        let parts = value.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let created = Int64(parts[0]), let number = Int64(parts[1]) else {
            throw .badValue(name: "cursor", value: value, allowed: "what 'next' of a page says")
        }
        return JobCursor(created: WallTime(milliseconds: created), number: number)
    }

    private static func limit(_ value: String) throws(JobRequestError) -> Int {
        guard let limit = Int(value), limits.contains(limit) else {
            throw .badValue(
                name: "limit", value: value, allowed: "a number from \(limits.lowerBound) to \(limits.upperBound)")
        }
        return limit
    }
}
