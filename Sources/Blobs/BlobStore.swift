public import Foundation

/// Bytes kept under their digest, up to a quota and an age.
///
/// Bytes that are over the age limit are absent; those used least recently make room for new ones. Nothing that is held
/// (``hold(_:)``) goes for either reason. Safe to share between threads; every call may block.
public protocol BlobStore: Sendable {
    /// Keeps `bytes`; bytes that are there already become as young as new ones.
    ///
    /// - Throws: ``BlobError/full(byteCount:maximum:)`` where they do not fit beside what is held,
    ///   ``BlobError/noSpace`` where the medium is full. Nothing half-written remains.
    @discardableResult
    func put(_ bytes: [UInt8]) throws(BlobError) -> StoredBlob

    /// The bytes with that digest, which count as used now; nil if there are none.
    ///
    /// Bytes that no longer have the digest are removed, and absent.
    func get(_ digest: Digest) throws(BlobError) -> [UInt8]?

    /// Whether there are bytes with that digest; they do not count as used.
    func contains(_ digest: Digest) throws(BlobError) -> Bool

    /// Removes the bytes with that digest, held or not, and tells whether there were any.
    @discardableResult
    func remove(_ digest: Digest) throws(BlobError) -> Bool

    /// A hold on the bytes with that digest, which stay until it is gone; nil if there are none.
    func hold(_ digest: Digest) throws(BlobError) -> BlobHold?

    /// How much is kept.
    func total() throws(BlobError) -> BlobTotal

    /// Removes what is over the age limit at `now`, and tells how much that was.
    @discardableResult
    func prune(now: Date) throws(BlobError) -> BlobTotal
}

/// What became of bytes that were put.
public struct StoredBlob: Equatable, Sendable {
    /// Their digest.
    public let digest: Digest
    /// Whether they were not there before.
    public let isNew: Bool

    /// A result of these parts.
    public init(digest: Digest, isNew: Bool) {
        self.digest = digest
        self.isNew = isNew
    }
}

/// How many blobs, and how many bytes in them.
public struct BlobTotal: Equatable, Sendable {
    /// The number of blobs.
    public var count: Int
    /// Their bytes in all.
    public var bytes: Int

    /// A total; nothing unless told.
    public init(count: Int = 0, bytes: Int = 0) {
        self.count = count
        self.bytes = bytes
    }
}

/// Keeps bytes in a store from making room for others, for as long as it lives.
public final class BlobHold: Sendable {
    private let release: @Sendable () -> Void

    /// A hold that calls `release` when it goes.
    public init(release: @escaping @Sendable () -> Void) { self.release = release }

    deinit { release() }
}
