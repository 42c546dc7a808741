internal import Concurrency
public import Foundation

/// Blobs as files in a directory, there again after a restart.
///
/// A blob is written under another name, put down to the medium, and renamed, so that a file under a digest is whole;
/// bytes are compared with their digest when they are read. What else lies in the directory is left alone. Bytes on
/// disk, those being written included, keep to the quota. Several processes may share a directory; each keeps to the
/// quota by what it has seen. Before it removes anything it looks who keeps what and how old it is, under a lock of the
/// directory (`flock`) that also those take who note that they keep something.
public final class DirectoryBlobStore: BlobStore {
    private let folder: BlobFolder
    private let index: Guarded<BlobIndex>
    private let now: @Sendable () -> Date

    /// The store in `directory`, which is made unless it is there.
    ///
    /// What is over the limits goes at once.
    ///
    /// - Parameter now: the time of day; tests hand in one that they move by hand.
    /// - Throws: ``BlobError/failed(operation:path:code:)`` where the directory cannot be made or listed.
    public convenience init(
        directory: String, limits: BlobLimits = BlobLimits(), now: @escaping @Sendable () -> Date = { Date() }
    ) throws(BlobError) {
        try self.init(directory: directory, limits: limits, calls: .kernel, now: now)
    }

    package init(
        directory: String, limits: BlobLimits, calls: FileCalls, now: @escaping @Sendable () -> Date
    ) throws(BlobError) {
        folder = BlobFolder(root: directory, calls: calls)
        self.now = now
        try folder.prepare()
        index = Guarded(try Self.index(of: folder, limits))
        try prune(now: now())
    }

    /// What there is in a folder, with what is over the quota removed.
    private static func index(of folder: BlobFolder, _ limits: BlobLimits) throws(BlobError) -> BlobIndex {
        try folder.alone { () throws(BlobError) in
            var index = BlobIndex(limits: limits)
            index.setOwners(try folder.owners())
            for (digest, status) in try folder.blobs().sorted(by: { $0.status.used.date < $1.status.used.date }) {
                index.insert(
                    digest, byteCount: status.byteCount, stored: status.stored.date, used: status.used.date)
            }
            for digest in index.trim() { folder.remove(digest) }
            return index
        }
    }

    /// Keeps `bytes` as ``BlobStore/put(_:for:)`` says.
    ///
    /// They are on the medium when it returns.
    @discardableResult
    public func put(_ bytes: [UInt8], for owner: BlobOwner?) throws(BlobError) -> StoredBlob {
        let digest = Digest.sha256(of: bytes)
        // First, so that nobody removes them in between.
        if let owner { try note(digest, for: owner) }
        if try renew(digest, bytes) { return StoredBlob(digest: digest, isNew: false) }
        try reserve(bytes.count)
        do {
            let temporary = try folder.write(bytes)
            let now = now()
            try index.withLock { index throws(BlobError) in
                try folder.name(temporary, digest)
                folder.setTimes(of: digest, used: now, stored: now)
                index.release(bytes.count)
                index.insert(digest, byteCount: bytes.count, stored: now, used: now)
            }
        } catch {
            index.withLock { $0.release(bytes.count) }
            throw error
        }
        try folder.synchronizeName(of: digest)
        return StoredBlob(digest: digest, isNew: true)
    }

    /// The bytes with that digest; nil if there are none.
    ///
    /// A file that no longer has the digest is removed.
    public func get(_ digest: Digest) throws(BlobError) -> [UInt8]? {
        guard try find(digest) else { return nil }
        guard let bytes = try folder.contents(of: digest) else {
            forget(digest)
            return nil
        }
        guard Digest.sha256(of: bytes) == digest else {
            try remove(digest)
            return nil
        }
        let now = now()
        index.withLock { index in
            if let stored = index.use(digest, now: now) { folder.setTimes(of: digest, used: now, stored: stored) }
        }
        return bytes
    }

    /// Whether there are bytes with that digest.
    public func contains(_ digest: Digest) throws(BlobError) -> Bool { try find(digest) }

    /// Removes the bytes with that digest, and tells whether there were any.
    @discardableResult
    public func remove(_ digest: Digest) throws(BlobError) -> Bool {
        guard try find(digest) else { return false }
        return index.withLock { index in
            folder.remove(digest)
            return index.remove(digest)
        }
    }

    /// Has `owner` keep the bytes with that digest; false if there are none.
    @discardableResult
    public func keep(_ digest: Digest, for owner: BlobOwner) throws(BlobError) -> Bool {
        guard try find(digest) else { return false }
        try note(digest, for: owner)
        // Another process may have removed the file just before.
        guard folder.status(of: digest) != nil else {
            forget(digest)
            return false
        }
        return true
    }

    /// Has `owner` keep nothing any more.
    public func letGo(_ owner: BlobOwner) throws(BlobError) {
        try folder.letGo(owner)
        index.withLock { $0.letGo(owner) }
    }

    /// Everybody who keeps something, by name.
    public func owners() throws(BlobError) -> [BlobOwner] {
        try folder.ownerNames().sorted { $0.name < $1.name }
    }

    /// How much is kept.
    public func total() -> BlobTotal { index.withLock { $0.total } }

    /// Removes what is over the age limit at `now`, and tells how much that was.
    ///
    /// Files that a dead process left half-written for an hour go as well.
    @discardableResult
    public func prune(now: Date) throws(BlobError) -> BlobTotal {
        folder.removeTorn(now: now)
        return try alone { index throws(BlobError) in
            for digest in index.expired(now: now) { look(at: digest, in: &index) }
            let (digests, total) = index.removeExpired(now: now)
            for digest in digests { folder.remove(digest) }
            return total
        }
    }

    /// Runs `body`, which may remove what nobody keeps, with who keeps what at that time.
    private func alone<Value>(
        _ body: (inout BlobIndex) throws(BlobError) -> Value
    ) throws(BlobError) -> Value {
        try folder.alone { () throws(BlobError) in
            try index.withLock { index throws(BlobError) in
                index.setOwners(try folder.owners())
                return try body(&index)
            }
        }
    }

    /// Takes over that another process has put a blob again.
    private func look(at digest: Digest, in index: inout BlobIndex) {
        guard let status = folder.status(of: digest) else { return }
        index.renew(digest, stored: status.stored.date)
    }

    /// Makes room in the quota.
    private func reserve(_ byteCount: Int) throws(BlobError) {
        let isDone = try index.withLock { index throws(BlobError) in
            guard index.hasRoom(for: byteCount) else { return false }
            _ = try index.reserve(byteCount)
            return true
        }
        if isDone { return }
        try alone { index throws(BlobError) in
            for digest in try index.reserve(byteCount) { folder.remove(digest) }
        }
    }

    /// Makes a blob as young as a new one, if its file is there and whole.
    private func renew(_ digest: Digest, _ bytes: [UInt8]) throws(BlobError) -> Bool {
        guard try find(digest) else { return false }
        guard try folder.contents(of: digest) == bytes else {
            try remove(digest)
            return false
        }
        let now = now()
        index.withLock { index in
            index.insert(digest, byteCount: bytes.count, stored: now, used: now)
            folder.setTimes(of: digest, used: now, stored: now)
        }
        return true
    }

    /// Whether the blob is there, in the index or, put there by another process, on disk alone.
    private func find(_ digest: Digest) throws(BlobError) -> Bool {
        let now = now()
        let isThere: Bool? = index.withLock { index in
            if !index.contains(digest), let status = folder.status(of: digest) {
                index.insert(
                    digest, byteCount: status.byteCount, stored: status.stored.date, used: status.used.date)
            }
            return index.isExpired(digest, now: now) ? nil : index.contains(digest)
        }
        if let isThere { return isThere }
        return try alone { index throws(BlobError) in
            look(at: digest, in: &index)
            let finding = index.find(digest, now: now)
            if finding == .expired { folder.remove(digest) }
            return finding == .present
        }
    }

    /// Notes who keeps a blob, there or not.
    private func note(_ digest: Digest, for owner: BlobOwner) throws(BlobError) {
        try folder.keep(digest, for: owner)
        index.withLock { $0.keep(digest, for: owner) }
    }

    /// Drops from the index a blob whose file has gone.
    private func forget(_ digest: Digest) {
        index.withLock { index in
            if folder.status(of: digest) == nil { index.remove(digest) }
        }
    }
}
