internal import Concurrency
public import Foundation

/// Blobs in the memory of the process, gone with it.
public final class MemoryBlobStore: BlobStore {
    fileprivate struct State {
        var index: BlobIndex
        var contents: [Digest: [UInt8]] = [:]
    }

    private let state: Guarded<State>
    private let now: @Sendable () -> Date

    /// An empty store.
    ///
    /// - Parameter now: the time of day; tests hand in one that they move by hand.
    public init(limits: BlobLimits = BlobLimits(), now: @escaping @Sendable () -> Date = { Date() }) {
        state = Guarded(State(index: BlobIndex(limits: limits)))
        self.now = now
    }

    /// Keeps `bytes` as ``BlobStore/put(_:for:)`` says.
    @discardableResult
    public func put(_ bytes: [UInt8], for owner: BlobOwner?) throws(BlobError) -> StoredBlob {
        let digest = Digest.sha256(of: bytes)
        let now = now()
        return try state.withLock { state throws(BlobError) in
            let isNew = state.find(digest, now: now) != .present
            if isNew {
                let evicted = try state.index.reserve(bytes.count)
                state.index.release(bytes.count)
                for digest in evicted { state.contents[digest] = nil }
                state.contents[digest] = bytes
            }
            state.index.insert(digest, byteCount: bytes.count, stored: now, used: now)
            if let owner { state.index.keep(digest, for: owner) }
            return StoredBlob(digest: digest, isNew: isNew)
        }
    }

    /// The bytes with that digest; nil if there are none.
    public func get(_ digest: Digest) -> [UInt8]? {
        let now = now()
        return state.withLock { state in
            guard state.find(digest, now: now) == .present else { return nil }
            _ = state.index.use(digest, now: now)
            return state.contents[digest]
        }
    }

    /// Whether there are bytes with that digest.
    public func contains(_ digest: Digest) -> Bool {
        let now = now()
        return state.withLock { $0.find(digest, now: now) == .present }
    }

    /// Removes the bytes with that digest, and tells whether there were any.
    @discardableResult
    public func remove(_ digest: Digest) -> Bool {
        let now = now()
        return state.withLock { state in
            guard state.find(digest, now: now) == .present else { return false }
            state.contents[digest] = nil
            return state.index.remove(digest)
        }
    }

    /// Has `owner` keep the bytes with that digest; false if there are none.
    @discardableResult
    public func keep(_ digest: Digest, for owner: BlobOwner) -> Bool {
        let now = now()
        return state.withLock { state in
            guard state.find(digest, now: now) == .present else { return false }
            state.index.keep(digest, for: owner)
            return true
        }
    }

    /// Has `owner` keep nothing any more.
    public func letGo(_ owner: BlobOwner) { state.withLock { $0.index.letGo(owner) } }

    /// Everybody who keeps something, by name.
    public func owners() -> [BlobOwner] {
        state.withLock { $0.index.owners.keys.sorted { $0.name < $1.name } }
    }

    /// How much is kept.
    public func total() -> BlobTotal { state.withLock { $0.index.total } }

    /// Removes what is over the age limit at `now`, and tells how much that was.
    @discardableResult
    public func prune(now: Date) -> BlobTotal {
        state.withLock { state in
            let (digests, total) = state.index.removeExpired(now: now)
            for digest in digests { state.contents[digest] = nil }
            return total
        }
    }
}

extension MemoryBlobStore.State {
    /// Whether the blob is there; the bytes of one that is too old go.
    fileprivate mutating func find(_ digest: Digest, now: Date) -> BlobIndex.Finding {
        let finding = index.find(digest, now: now)
        if finding == .expired { contents[digest] = nil }
        return finding
    }
}
