public import Blobs
public import Foundation
internal import SQLJobs

/// Blobs in a PostgreSQL database, so that every machine that uses it sees them.
///
/// All machines together keep to the quota and to one order of use. Whoever decides what must go has a lock that is the
/// collection's own, so that any number of them may prune at once; reading needs no lock. What was put survives a crash
/// of the server. Bytes are compared with their digest when they are read.
public final class PostgresBlobStore: BlobStore {
    private let pool: PostgresPool
    private let collection: String
    private let limits: BlobLimits
    private let now: @Sendable () -> Date

    /// The store in the database at `address`, a `postgresql://` address or words such as `host=… dbname=…`.
    ///
    /// - Parameters:
    ///   - schema: the database's schema for the tables, which is made unless it is there.
    ///   - collection: which blobs: each collection has its own limits, and sees none of the others'.
    ///   - connections: the most connections at a time; calls wait for one another beyond that.
    ///   - now: the time of day; tests hand in one that they move by hand.
    /// - Throws: ``BlobError/refused(operation:reason:)`` where the database cannot be reached or used.
    public init(
        address: String, schema: String = "switchback", collection: String, limits: BlobLimits = BlobLimits(),
        connections: Int = 4, now: @escaping @Sendable () -> Date = { Date() }
    ) throws(BlobError) {
        pool = PostgresPool(address: address, schema: schema, most: connections)
        (self.collection, self.limits, self.now) = (collection, limits, now)
        try PostgresSchema.migrate(pool, schema: schema, throwing: BlobError.self)
        try pool.transaction("begin a collection", throwing: BlobError.self) { db in
            _ = try db.run("INSERT INTO blob_total VALUES ($1, 0, 0) ON CONFLICT DO NOTHING", [.text(collection)])
        }
    }

    /// Keeps `bytes` as ``BlobStore/put(_:for:)`` says.
    @discardableResult
    public func put(_ bytes: [UInt8], for owner: BlobOwner?) throws(BlobError) -> StoredBlob {
        let digest = Digest.sha256(of: bytes)
        return try change("keep bytes") { rows in
            if let owner { try rows.keep(digest, for: owner) }
            if try rows.renew(digest) { return StoredBlob(digest: digest, isNew: false) }
            // What is too old, or no longer has the digest.
            try rows.remove(digest)
            try rows.makeRoom(for: bytes.count, within: self.limits.maximumBytes)
            try rows.insert(digest, bytes)
            return StoredBlob(digest: digest, isNew: true)
        }
    }

    /// The bytes with that digest; nil if there are none.
    ///
    /// Bytes that no longer have the digest are removed.
    public func get(_ digest: Digest) throws(BlobError) -> [UInt8]? {
        let bytes = try read("read bytes") { rows in
            let bytes = try rows.bytes(of: digest)
            if bytes != nil { try rows.use(digest) }
            return bytes
        }
        guard let bytes else {
            try removeIfTooOld(digest)
            return nil
        }
        guard Digest.sha256(of: bytes) == digest else {
            try change("remove damaged bytes") { rows in try rows.remove(digest) }
            return nil
        }
        return bytes
    }

    /// Whether there are bytes with that digest.
    public func contains(_ digest: Digest) throws(BlobError) -> Bool {
        let isThere = try read("look for bytes") { rows in try rows.contains(digest) }
        if !isThere { try removeIfTooOld(digest) }
        return isThere
    }

    /// Removes the bytes with that digest, and tells whether there were any.
    @discardableResult
    public func remove(_ digest: Digest) throws(BlobError) -> Bool {
        try change("remove bytes") { rows in
            let isThere = try rows.contains(digest)
            try rows.remove(digest)
            return isThere
        }
    }

    /// Has `owner` keep the bytes with that digest; false if there are none.
    @discardableResult
    public func keep(_ digest: Digest, for owner: BlobOwner) throws(BlobError) -> Bool {
        try change("keep bytes") { rows in
            guard try rows.contains(digest) else { return false }
            try rows.keep(digest, for: owner)
            return true
        }
    }

    /// Has `owner` keep nothing any more.
    public func letGo(_ owner: BlobOwner) throws(BlobError) {
        try change("let bytes go") { rows in try rows.letGo(owner) }
    }

    /// Everybody who keeps something, by name.
    public func owners() throws(BlobError) -> [BlobOwner] {
        try read("list owners of bytes") { rows in try rows.owners() }
    }

    /// How much is kept.
    public func total() throws(BlobError) -> BlobTotal {
        try read("count bytes") { rows in try rows.total() }
    }

    /// Removes what is over the age limit at `now`, and tells how much that was.
    @discardableResult
    public func prune(now: Date) throws(BlobError) -> BlobTotal {
        var removed = BlobTotal()
        while true {
            // A few at a time, so that nobody waits long for the lock.
            let some = try change("remove old bytes", now) { rows in try rows.removeOld(atMost: 200) }
            removed.count += some.count
            removed.bytes += some.bytes
            if some.count == 0 { return removed }
        }
    }

    private func removeIfTooOld(_ digest: Digest) throws(BlobError) {
        let isThere = try read("look for old bytes") { rows in try rows.isThereAtAnyAge(digest) }
        guard isThere else { return }
        try change("remove old bytes") { rows in
            if try !rows.contains(digest) { try rows.remove(digest) }
        }
    }

    /// What `body` reads; that it was used may be forgotten in a crash of the server.
    private func read<Value>(
        _ operation: String, _ body: (BlobRows) throws -> Value
    ) throws(BlobError) -> Value {
        let rows = rows(now())
        return try pool.transaction(operation, isDurable: false, throwing: BlobError.self) { db in
            try body(rows(db))
        }
    }

    /// What `body` returns for its changes, while nobody else changes what must go or stay.
    private func change<Value>(
        _ operation: String, _ now: Date? = nil, _ body: (BlobRows) throws -> Value
    ) throws(BlobError) -> Value {
        let rows = rows(now ?? self.now())
        return try pool.transaction(operation, throwing: BlobError.self) { db in
            let rows = rows(db)
            try rows.lock()
            return try body(rows)
        }
    }

    private func rows(_ now: Date) -> (PostgresConnection) -> BlobRows {
        let oldest = limits.maximumAge.map { Int64(((now.timeIntervalSince1970 - $0) * 1000).rounded()) }
        let time = Int64((now.timeIntervalSince1970 * 1000).rounded())
        return { [collection] db in BlobRows(db: db, collection: collection, now: time, oldest: oldest ?? .min) }
    }
}
