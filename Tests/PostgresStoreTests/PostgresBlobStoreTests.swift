import BlobStoreConformance
import Blobs
import Concurrency
import Dispatch
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

    /// Two machines put for an owner, or keep what is there, while two others need the room.
    @Test func nothingGoesThatAnotherMachineKeepsJustNow() throws {
        try TestDatabase.withSchema { address, schema in
            let owner = try #require(BlobOwner("set"))
            let (kept, faults) = (Guarded<[Digest]>([]), Guarded<[String]>([]))
            DispatchQueue.concurrentPerform(iterations: 4) { machine in
                do {
                    let store = try PostgresBlobStore(
                        address: address, schema: schema, collection: "blobs", limits: BlobLimits(maximumBytes: 1000),
                        connections: 1)
                    for round in UInt8(0)..<20 {
                        let seed = UInt8(machine) * 20 + round
                        if machine >= 2 {
                            try store.put(bytes(90, seed: seed))
                            continue
                        }
                        let isAtOnce = round % 2 == 0
                        let digest = try store.put(bytes(10, seed: seed), for: isAtOnce ? owner : nil).digest
                        if try isAtOnce || store.keep(digest, for: owner) { kept.withLock { $0.append(digest) } }
                    }
                } catch {
                    faults.withLock { $0.append("\(error)") }
                }
            }
            #expect(faults.withLock { $0 } == [])
            let store = try PostgresBlobStore(address: address, schema: schema, collection: "blobs")
            #expect(kept.withLock { $0.count } >= 20)
            for digest in kept.withLock({ $0 }) { #expect(try store.contains(digest)) }
            #expect(try store.total().bytes <= 1000)
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
}
