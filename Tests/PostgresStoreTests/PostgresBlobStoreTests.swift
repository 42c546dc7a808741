import BlobStoreConformance
import Blobs
import Testing

@testable import PostgresStore

@Suite(.enabled(if: TestDatabase.address != nil, TestDatabase.isThere)) struct PostgresBlobStoreTests {
    @Test(arguments: BlobStoreFact.all + BlobStoreFact.durable)
    func conforms(_ fact: BlobStoreFact) throws {
        try TestDatabase.withSchema { address, schema in
            try fact.check { limits, now in
                try PostgresBlobStore(
                    address: address, schema: schema, collection: "blobs", limits: limits, now: now)
            }
        }
    }

    @Test func collectionsSeeNothingOfOneAnother() throws {
        try TestDatabase.withSchema { address, schema in
            let (images, sets) = try (
                PostgresBlobStore(address: address, schema: schema, collection: "images"),
                PostgresBlobStore(
                    address: address, schema: schema, collection: "sets", limits: BlobLimits(maximumBytes: 10))
            )
            let owner = try #require(BlobOwner("set"))
            let digest = try images.put(bytes(100, seed: 1), for: owner).digest
            #expect(try !sets.contains(digest))
            #expect(try sets.owners() == [])
            try sets.letGo(owner)
            try sets.put([1])
            #expect(try sets.total() == BlobTotal(count: 1, bytes: 1))
            #expect(try images.total() == BlobTotal(count: 1, bytes: 100))
            #expect(try images.owners() == [owner])
        }
    }

    @Test func mendsWhatIsDamaged() throws {
        try TestDatabase.withSchema { address, schema in
            let store = try PostgresBlobStore(address: address, schema: schema, collection: "blobs")
            for isReadFirst in [true, false] {
                let digest = try store.put([1, 2, 3]).digest
                try PostgresConnection(address: address, schema: schema).execute("UPDATE blob SET bytes = 'damaged'")
                if isReadFirst {
                    #expect(try store.get(digest) == nil)
                    #expect(try store.total() == BlobTotal())
                }
                #expect(try store.put([1, 2, 3]).isNew)
                #expect(try store.get(digest) == [1, 2, 3])
                #expect(try store.total() == BlobTotal(count: 1, bytes: 3))
                try store.remove(digest)
            }
        }
    }

    /// As a disk that is full refuses in the middle of a transaction.
    @Test func aFullDiskChangesNothing() throws {
        try TestDatabase.withSchema { address, schema in
            let limits = BlobLimits(maximumBytes: 1000)
            let store = try PostgresBlobStore(address: address, schema: schema, collection: "blobs", limits: limits)
            let kept = try store.put(bytes(600, seed: 1)).digest
            let connection = try PostgresConnection(address: address, schema: schema)
            try connection.execute(
                """
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
                CREATE TRIGGER full_disk AFTER INSERT ON blob FOR EACH ROW EXECUTE FUNCTION refuse()
                """)
            #expect(throws: BlobError.noSpace) { try store.put(bytes(600, seed: 2)) }
            #expect(try store.get(kept) == bytes(600, seed: 1))
            #expect(try store.total() == BlobTotal(count: 1, bytes: 600))
            try connection.execute("DROP TRIGGER full_disk ON blob")
            try store.put(bytes(600, seed: 2))
            #expect(try !store.contains(kept))
        }
    }

    @Test func saysWhatIsWrongWithAnAddress() {
        #expect {
            try PostgresBlobStore(address: "host=/nowhere dbname=none", collection: "blobs")
        } throws: { error in
            "\(error)".hasPrefix("cannot bring the database to this version: connection to server")
        }
    }
}
