internal import Blobs
internal import SQLJobs

/// The rows of one collection of blobs, within a transaction at one time.
///
/// What must go is decided with the collection locked (``lock()``): a statement then sees all that others have decided
/// before. Reading and ``use(_:)`` need no lock; whoever waits for the row of a blob has nothing that a user waits for.
struct BlobRows {
    let db: PostgresConnection
    let collection: String
    /// Milliseconds since 1970.
    let now: Int64
    /// What was put before that is too old.
    let oldest: Int64

    /// Whether somebody keeps a blob, there or not.
    private static let isKept = """
        EXISTS (SELECT 1 FROM blob_owner WHERE blob_owner.collection = blob.collection \
        AND blob_owner.digest = blob.digest)
        """

    /// A condition for the blob of `$2`, not too old at `$3`.
    private static let isPresent = "collection = $1 AND digest = $2 AND (stored >= $3 OR \(isKept))"

    /// Keeps others from changing what must go or stay until the transaction ends.
    func lock() throws {
        try db.run("SELECT 1 FROM blob_total WHERE collection = $1 FOR UPDATE", [.text(collection)])
    }

    func bytes(of digest: Digest) throws -> [UInt8]? {
        try db.first("SELECT bytes FROM blob WHERE \(Self.isPresent)", named(digest) + [.integer(oldest)])?
            .bytes("bytes")
    }

    func contains(_ digest: Digest) throws -> Bool {
        try db.run("SELECT 1 FROM blob WHERE \(Self.isPresent)", named(digest) + [.integer(oldest)]) > 0
    }

    func isThereAtAnyAge(_ digest: Digest) throws -> Bool {
        try db.run("SELECT 1 FROM blob WHERE collection = $1 AND digest = $2", named(digest)) > 0
    }

    /// Makes a blob the last to go; nothing is written where it is that already.
    func use(_ digest: Digest) throws {
        try db.run(
            """
            UPDATE blob SET turn = nextval('blob_turn') WHERE collection = $1 AND digest = $2
                AND turn < (SELECT MAX(turn) FROM blob WHERE collection = $1)
            """, named(digest))
    }

    /// Makes a blob as young as a new one, if it is there and whole.
    func renew(_ digest: Digest) throws -> Bool {
        try db.run(
            """
            UPDATE blob SET stored = $4, turn = nextval('blob_turn')
            WHERE \(Self.isPresent) AND sha256(bytes) = decode($2, 'hex')
            """, named(digest) + [.integer(oldest), .integer(now)]) > 0
    }

    func insert(_ digest: Digest, _ bytes: [UInt8]) throws {
        try db.run(
            "INSERT INTO blob (collection, digest, bytes, size, stored) VALUES ($1, $2, $3, $4, $5)",
            named(digest) + [.bytes(bytes), .count(bytes.count), .integer(now)])
        try add(BlobTotal(count: 1, bytes: bytes.count))
    }

    /// Removes a blob of any age, if it is there.
    func remove(_ digest: Digest) throws { try remove(hex: digest.hex) }

    private func remove(hex: String) throws {
        try forget(
            db.all(
                "DELETE FROM blob WHERE collection = $1 AND digest = $2 RETURNING size",
                [.text(collection), .text(hex)]))
    }

    /// Removes what nobody has used for longest until so many bytes fit into `maximum`; nothing where they cannot.
    func makeRoom(for byteCount: Int, within maximum: Int) throws {
        let full = BlobError.full(byteCount: byteCount, maximum: maximum)
        if byteCount > maximum { throw full }
        var excess = try total().bytes - (maximum - byteCount)
        while excess > 0 {
            let last = try db.all(
                """
                SELECT digest, size FROM blob WHERE collection = $1 AND NOT \(Self.isKept) ORDER BY turn LIMIT 32
                """, [.text(collection)])
            // The transaction is then undone.
            if last.isEmpty { throw full }
            for row in last where excess > 0 {
                excess -= try row.count("size")
                try remove(hex: try row.text("digest"))
            }
        }
    }

    /// Removes up to so many blobs that are too old.
    func removeOld(atMost limit: Int) throws -> BlobTotal {
        try forget(
            db.all(
                """
                DELETE FROM blob WHERE collection = $1 AND digest IN (
                    SELECT digest FROM blob WHERE collection = $1 AND stored < $2 AND NOT \(Self.isKept) LIMIT $3)
                RETURNING size
                """, [.text(collection), .integer(oldest), .count(limit)]))
    }

    func keep(_ digest: Digest, for owner: BlobOwner) throws {
        try db.run(
            "INSERT INTO blob_owner (collection, digest, owner) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            named(digest) + [.text(owner.name)])
    }

    func letGo(_ owner: BlobOwner) throws {
        let pair: [SQLValue] = [.text(collection), .text(owner.name)]
        try db.run(
            """
            UPDATE blob SET turn = nextval('blob_turn') WHERE collection = $1
                AND digest IN (SELECT digest FROM blob_owner WHERE collection = $1 AND owner = $2)
            """, pair)
        try db.run("DELETE FROM blob_owner WHERE collection = $1 AND owner = $2", pair)
    }

    func owners() throws -> [BlobOwner] {
        // A seek each, however much they keep: `DISTINCT` reads all of it.
        try db.all(
            """
            WITH RECURSIVE known (owner) AS (
                (SELECT owner FROM blob_owner WHERE collection = $1 ORDER BY owner LIMIT 1)
                UNION ALL
                SELECT (
                    SELECT owner FROM blob_owner WHERE collection = $1 AND owner > known.owner
                    ORDER BY owner LIMIT 1)
                FROM known WHERE known.owner IS NOT NULL
            )
            SELECT owner FROM known WHERE owner IS NOT NULL
            """, [.text(collection)]
        )
        .compactMap { BlobOwner(try $0.text("owner")) }
        .sorted { $0.name < $1.name }
    }

    func total() throws -> BlobTotal {
        let row = try db.first("SELECT count, bytes FROM blob_total WHERE collection = $1", [.text(collection)])
        return BlobTotal(count: try row?.count("count") ?? 0, bytes: try row?.count("bytes") ?? 0)
    }

    /// Takes rows that were removed out of the total; their total.
    @discardableResult
    private func forget(_ removed: [any SQLRow]) throws -> BlobTotal {
        let total = BlobTotal(count: removed.count, bytes: try removed.reduce(0) { $0 + (try $1.count("size")) })
        if total.count > 0 { try add(BlobTotal(count: -total.count, bytes: -total.bytes)) }
        return total
    }

    private func add(_ change: BlobTotal) throws {
        try db.run(
            "UPDATE blob_total SET count = count + $2, bytes = bytes + $3 WHERE collection = $1",
            [.text(collection), .count(change.count), .count(change.bytes)])
    }

    private func named(_ digest: Digest) -> [SQLValue] { [.text(collection), .text(digest.hex)] }
}
