internal import Concurrency

/// What a cache of the engine has done and holds.
public struct CacheStatistics: Equatable, Sendable {
    /// Look-ups that found what they asked for.
    public let hits: Int
    /// Look-ups that did not.
    public let misses: Int
    /// Bytes held.
    public let bytes: Int

    init<Key, Value>(_ statistics: BoundedCache<Key, Value>.Statistics) {
        (hits, misses, bytes) = (statistics.hits, statistics.misses, statistics.bytes)
    }
}
