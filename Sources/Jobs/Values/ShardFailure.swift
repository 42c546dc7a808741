/// An error whose own words are for the log: they tell of the inside.
public protocol InsideError: Error {
    /// What went wrong, in words for the one who wants the result.
    var publicReason: String { get }
}

/// Why a shard came to nothing, and what is to become of it.
public struct ShardFailure: Error, Equatable, Sendable {
    /// What went wrong, in words for the one who wants the result.
    public var reason: String
    /// When it may be tried again; nil where that is of no use, since the input is bad.
    public var retry: WallTime?

    /// A failure of these parts.
    public init(reason: String, retry: WallTime?) {
        self.reason = reason
        self.retry = retry
    }
}
