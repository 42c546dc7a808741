internal import Foundation

/// Which blobs there are, and which of them must go: the rules of every store, without their bytes.
struct BlobIndex {
    struct Entry: Equatable {
        let byteCount: Int
        /// When it was last put.
        var stored: Date
        /// When its use was last noted, as a restart will find it.
        var noted: Date
        /// Its place in the order of use.
        var turn: UInt64
    }

    enum Finding: Equatable {
        case absent
        /// It was there, is over the age limit, and is no longer in the index.
        case expired
        case present
    }

    let limits: BlobLimits
    private(set) var total = BlobTotal()
    /// Who keeps what, there or not.
    private(set) var owners: [BlobOwner: Set<Digest>] = [:]
    private var entries: [Digest: Entry] = [:]
    private var order = RecencyQueue()
    /// Bytes of blobs that are being written.
    private var reserved = 0
    /// Bytes of blobs that are kept.
    private var keptBytes = 0
    private var nextTurn: UInt64 = 0

    init(limits: BlobLimits) { self.limits = limits }

    /// Whether so many bytes fit without any that must go.
    func hasRoom(for byteCount: Int) -> Bool { byteCount <= limits.maximumBytes - total.bytes - reserved }

    /// Makes room for so many bytes and keeps it until ``release(_:)``; the blobs that went for it.
    ///
    /// - Throws: `BlobError.full`, and then nothing has gone.
    mutating func reserve(_ byteCount: Int) throws(BlobError) -> [Digest] {
        guard byteCount <= limits.maximumBytes - keptBytes - reserved else {
            throw .full(byteCount: byteCount, maximum: limits.maximumBytes)
        }
        reserved += byteCount
        return trim()
    }

    /// Gives back what was reserved.
    mutating func release(_ byteCount: Int) { reserved -= byteCount }

    /// Removes the blobs used least recently until what is left, and what is reserved, keeps to the quota.
    mutating func trim() -> [Digest] {
        var evicted: [Digest] = []
        while total.bytes + reserved > limits.maximumBytes, let (digest, turn) = order.popFirst() {
            // A blob that was used since stands further back as well; one that is kept comes back when it is let go.
            guard entries[digest]?.turn == turn, !isKept(digest) else { continue }
            remove(digest)
            evicted.append(digest)
        }
        return evicted
    }

    /// Adds a blob that was put and used at these times; one that is there becomes as young.
    mutating func insert(_ digest: Digest, byteCount: Int, stored: Date, used: Date) {
        if entries[digest] != nil {
            entries[digest]?.stored = stored
            entries[digest]?.noted = used
        } else {
            entries[digest] = Entry(byteCount: byteCount, stored: stored, noted: used, turn: 0)
            total.count += 1
            total.bytes += byteCount
            if isKept(digest) { keptBytes += byteCount }
        }
        touch(digest)
    }

    /// Whether the blob is there, however old it is.
    func contains(_ digest: Digest) -> Bool { entries[digest] != nil }

    /// Takes over that a blob was put at that time, where it is known to have been put earlier.
    mutating func renew(_ digest: Digest, stored: Date) {
        guard let entry = entries[digest], entry.stored < stored else { return }
        entries[digest]?.stored = stored
    }

    /// What is over the age limit.
    func expired(now: Date) -> [Digest] { entries.filter { isExpired($0.key, $0.value, now) }.map(\.key) }

    /// Whether the blob is there at `now`.
    mutating func find(_ digest: Digest, now: Date) -> Finding {
        guard let entry = entries[digest] else { return .absent }
        guard isExpired(digest, entry, now) else { return .present }
        remove(digest)
        return .expired
    }

    /// Counts the blob, which must be there, as used at `now`; the time it was put if the use should be noted for a
    /// restart, which it should once a minute.
    mutating func use(_ digest: Digest, now: Date) -> Date? {
        touch(digest)
        guard let entry = entries[digest], now.timeIntervalSince(entry.noted) >= 60 else { return nil }
        entries[digest]?.noted = now
        return entry.stored
    }

    /// Forgets a blob, and tells whether it was there.
    @discardableResult
    mutating func remove(_ digest: Digest) -> Bool {
        guard let entry = entries.removeValue(forKey: digest) else { return false }
        total.count -= 1
        total.bytes -= entry.byteCount
        if isKept(digest) { keptBytes -= entry.byteCount }
        return true
    }

    /// Forgets what is over the age limit.
    mutating func removeExpired(now: Date) -> (digests: [Digest], total: BlobTotal) {
        let before = total
        let expired = expired(now: now)
        for digest in expired { remove(digest) }
        return (expired, BlobTotal(count: before.count - total.count, bytes: before.bytes - total.bytes))
    }

    /// Whether somebody keeps the blob, there or not.
    private func isKept(_ digest: Digest) -> Bool { owners.values.contains { $0.contains(digest) } }

    /// Has an owner keep a blob, there or not.
    mutating func keep(_ digest: Digest, for owner: BlobOwner) {
        if !isKept(digest) { keptBytes += entries[digest]?.byteCount ?? 0 }
        owners[owner, default: []].insert(digest)
    }

    /// Has an owner keep nothing any more.
    mutating func letGo(_ owner: BlobOwner) {
        for digest in owners.removeValue(forKey: owner) ?? [] where !isKept(digest) {
            keptBytes -= entries[digest]?.byteCount ?? 0
            touch(digest)
        }
    }

    /// Takes over who keeps what, where others may have changed that.
    mutating func setOwners(_ owners: [BlobOwner: Set<Digest>]) {
        guard owners != self.owners else { return }
        let before = Set(self.owners.values.joined())
        self.owners = owners
        keptBytes = entries.filter { isKept($0.key) }.reduce(0) { $0 + $1.value.byteCount }
        for digest in before where !isKept(digest) { touch(digest) }
    }

    /// Whether the blob is there and over the age limit.
    func isExpired(_ digest: Digest, now: Date) -> Bool { entries[digest].map { isExpired(digest, $0, now) } ?? false }

    private func isExpired(_ digest: Digest, _ entry: Entry, _ now: Date) -> Bool {
        guard let age = limits.maximumAge, now.timeIntervalSince(entry.stored) > age else { return false }
        return !isKept(digest)
    }

    private mutating func touch(_ digest: Digest) {
        guard entries[digest] != nil else { return }
        entries[digest]?.turn = nextTurn
        let known = entries
        order.append(digest, turn: nextTurn, keeping: known.count) { known[$0]?.turn == $1 }
        nextTurn += 1
    }
}
