internal import Concurrency

/// What a cache of the engine has done and holds.
public struct CacheStatistics: Equatable, Sendable {
    /// Look-ups that found what they asked for.
    public let hits: Int
    /// Look-ups that did not.
    public let misses: Int
    /// Bytes held.
    public let bytes: Int

    init(hits: Int, misses: Int, bytes: Int) {
        (self.hits, self.misses, self.bytes) = (hits, misses, bytes)
    }

    init<Key, Value>(_ statistics: BoundedCache<Key, Value>.Statistics) {
        self.init(hits: statistics.hits, misses: statistics.misses, bytes: statistics.bytes)
    }
}
