public import Foundation

/// Bytes kept under their digest, up to a quota and an age.
///
/// Bytes that are over the age limit are absent; those used least recently make room for new ones. What an owner keeps
/// (``keep(_:for:)``) goes for neither reason until it lets go, whatever process said so, and whichever ends. Safe to
/// share between threads; every call may block.
public protocol BlobStore: Sendable {
    /// Keeps `bytes`; bytes that are there already become as young as new ones.
    ///
    /// A durable store has them on its medium when this returns.
    ///
    /// - Parameter owner: who keeps them from now on as ``keep(_:for:)`` says; nil for nobody.
    /// - Throws: ``BlobError/full(byteCount:maximum:)`` where they do not fit beside what owners keep,
    ///   ``BlobError/noSpace`` where the medium is full. Nothing half-written remains.
    @discardableResult
    func put(_ bytes: [UInt8], for owner: BlobOwner?) throws(BlobError) -> StoredBlob

    /// The bytes with that digest, which count as used now; nil if there are none.
    ///
    /// Bytes that no longer have the digest are removed, and absent.
    func get(_ digest: Digest) throws(BlobError) -> [UInt8]?

    /// Whether there are bytes with that digest; they do not count as used.
    func contains(_ digest: Digest) throws(BlobError) -> Bool

    /// Removes the bytes with that digest, kept or not, and tells whether there were any.
    ///
    /// An owner that kept them keeps them again when they are put again.
    @discardableResult
    func remove(_ digest: Digest) throws(BlobError) -> Bool

    /// Has `owner` keep the bytes with that digest, which then stay; false, with nothing changed, if there are none.
    @discardableResult
    func keep(_ digest: Digest, for owner: BlobOwner) throws(BlobError) -> Bool

    /// Has `owner` keep nothing any more: its bytes, used just now, are as others from now on.
    func letGo(_ owner: BlobOwner) throws(BlobError)

    /// Everybody who keeps something, by name.
    func owners() throws(BlobError) -> [BlobOwner]

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

extension BlobStore {
    /// Keeps `bytes` for nobody in particular.
    @discardableResult
    public func put(_ bytes: [UInt8]) throws(BlobError) -> StoredBlob { try put(bytes, for: nil) }
}
