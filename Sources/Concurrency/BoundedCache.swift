/// Values kept up to a number of bytes; those used least recently make way.
///
/// Looking up and keeping take constant time, but for the values that make way.
public final class BoundedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// What a cache has done and holds.
    public struct Statistics: Equatable, Sendable {
        /// Look-ups that found a value.
        public var hits = 0
        /// Look-ups that found none.
        public var misses = 0
        /// How many values it holds.
        public var count = 0
        /// What they were said to take.
        public var bytes = 0
    }

    /// The most that the values may take together.
    public let byteLimit: Int
    private let state = Guarded(State())

    /// An empty cache that keeps values of at most so many bytes together; with 0 it keeps nothing.
    public init(byteLimit: Int) {
        precondition(byteLimit >= 0, "a cache of \(byteLimit) bytes")
        self.byteLimit = byteLimit
    }

    /// The value kept under `key`, which is then the one used last.
    public func value(for key: Key) -> Value? {
        state.withLock { state in
            guard let place = state.places[key] else {
                state.statistics.misses += 1
                return nil
            }
            state.statistics.hits += 1
            state.unlink(place)
            state.linkAsLast(place)
            return state.entries[place]?.value
        }
    }

    /// Keeps `value`, said to take `bytes`, in the place of any that stands under `key`; nothing happens if it is larger
    /// than the whole cache.
    public func keep(_ value: Value, for key: Key, bytes: Int) {
        precondition(bytes >= 0, "a value of \(bytes) bytes")
        guard bytes <= byteLimit else { return }
        // Freed after the lock is given up: a value may be large.
        let dropped: [Value] = state.withLock { state in
            var dropped: [Value] = []
            if let place = state.places[key] { dropped.append(state.remove(place)) }
            while state.statistics.bytes + bytes > byteLimit { dropped.append(state.remove(state.first)) }
            state.insert(value, for: key, bytes: bytes)
            return dropped
        }
        _ = dropped
    }

    /// What the cache has done and holds.
    public var statistics: Statistics { state.withLock { $0.statistics } }

    private struct Entry {
        let key: Key
        let value: Value
        let bytes: Int
        /// The places of the entries used before and after it; -1 at the ends.
        var before = -1
        var after = -1
    }

    /// The entries, linked in the order of their last use.
    private struct State {
        var places: [Key: Int] = [:]
        var entries: [Entry?] = []
        var free: [Int] = []
        var first = -1
        var last = -1
        var statistics = Statistics()

        mutating func unlink(_ place: Int) {
            guard let entry = entries[place] else { preconditionFailure("no entry at \(place)") }
            if entry.before >= 0 { entries[entry.before]?.after = entry.after } else { first = entry.after }
            if entry.after >= 0 { entries[entry.after]?.before = entry.before } else { last = entry.before }
        }

        mutating func linkAsLast(_ place: Int) {
            entries[place]?.before = last
            entries[place]?.after = -1
            if last >= 0 { entries[last]?.after = place } else { first = place }
            last = place
        }

        mutating func insert(_ value: Value, for key: Key, bytes: Int) {
            let entry = Entry(key: key, value: value, bytes: bytes)
            let place: Int
            if let reused = free.popLast() {
                place = reused
                entries[place] = entry
            } else {
                place = entries.count
                entries.append(entry)
            }
            places[key] = place
            linkAsLast(place)
            statistics.count += 1
            statistics.bytes += bytes
        }

        mutating func remove(_ place: Int) -> Value {
            unlink(place)
            guard let entry = entries[place].take() else { preconditionFailure("no entry at \(place)") }
            places[entry.key] = nil
            free.append(place)
            statistics.count -= 1
            statistics.bytes -= entry.bytes
            return entry.value
        }
    }
}
