/// Blobs in the order of their last use: each use appends, and what a later use has made stale is passed over.
///
/// Every operation takes constant time on average.
struct RecencyQueue {
    private var places: [(digest: Digest, turn: UInt64)] = []
    private var first = 0

    /// Appends a use.
    ///
    /// - Parameters:
    ///   - count: how many blobs there are; more than twice as many places are cleared of stale ones.
    ///   - isCurrent: whether a place is that of the blob's last use.
    mutating func append(
        _ digest: Digest, turn: UInt64, keeping count: Int, isCurrent: (Digest, UInt64) -> Bool
    ) {
        places.append((digest, turn))
        guard places.count > 2 * count + 64 else { return }
        places = places[first...].filter { isCurrent($0.digest, $0.turn) }
        first = 0
    }

    /// Takes off the place of the earliest use; nil if there is none.
    mutating func popFirst() -> (digest: Digest, turn: UInt64)? {
        guard first < places.count else { return nil }
        first += 1
        return places[first - 1]
    }
}
