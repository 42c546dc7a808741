import Blobs
import Concurrency
import Conformance
import Dispatch

extension BlobStoreFact {
    /// The quota and the age limit.
    static let limits = [
        BlobStoreFact("makes room by removing what was used least recently") { store, _ in
            let digests = try (UInt8(1)...4).map { try store.put(bytes(250, seed: $0)).digest }
            _ = try store.get(digests[0])
            try store.put(bytes(250, seed: 4))
            _ = try store.contains(digests[1])
            try store.put(bytes(500, seed: 5))
            try expect(try digests.map(store.contains), [true, false, false, true])
            try expect(try store.total().bytes, 1000)
        },
        BlobStoreFact("refuses what is larger than the quota") { store, _ in
            let kept = try store.put([1]).digest
            try expectError(BlobError.full(byteCount: 1001, maximum: 1000)) { try store.put(bytes(1001, seed: 1)) }
            try expect(try store.contains(kept), true)
            try store.put(bytes(1000, seed: 1))
            try expect(try store.contains(kept), false)
        },
        BlobStoreFact("reports what is too old as absent") { store, clock in
            let digest = try store.put([1]).digest
            clock.advance(seconds: 100)
            try expect(try store.get(digest), [1])
            clock.advance(seconds: 1)
            try expect(try store.get(digest), nil)
            try expect(try store.contains(digest), false)
            try expect(try store.total(), BlobTotal())
            try expect(try store.put([1]).isNew, true)
        },
        BlobStoreFact("makes young what is put again") { store, clock in
            let digest = try store.put([1]).digest
            clock.advance(seconds: 90)
            try store.put([1])
            clock.advance(seconds: 90)
            try expect(try store.contains(digest), true)
        },
        BlobStoreFact("keeps the order through many uses") { store, _ in
            let digests = try (UInt8(1)...4).map { try store.put(bytes(250, seed: $0)).digest }
            for round in 0..<300 { _ = try store.get(digests[round % 3]) }
            try store.put(bytes(250, seed: 9))
            try expect(try digests.map(store.contains), [true, true, true, false])
        },
        BlobStoreFact("prunes what is too old") { store, clock in
            for seed in UInt8(1)...3 { try store.put(bytes(10, seed: seed)) }
            clock.advance(seconds: 60)
            let young = try store.put([1]).digest
            clock.advance(seconds: 60)
            try expect(try store.prune(now: clock.now), BlobTotal(count: 3, bytes: 30))
            try expect(try store.prune(now: clock.now), BlobTotal())
            try expect(try store.total(), BlobTotal(count: 1, bytes: 1))
            try expect(try store.get(young), [1])
        },
        BlobStoreFact("keeps to the quota under many threads") { store, _ in
            let faults = Guarded<[String]>([])
            DispatchQueue.concurrentPerform(iterations: 64) { worker in
                let content = bytes(100 + worker % 8, seed: UInt8(worker % 16))
                do {
                    let digest = try store.put(content).digest
                    if let found = try store.get(digest) { try expect(found, content) }
                    if worker % 5 == 0 { try store.remove(digest) }
                } catch BlobError.full {
                    // All the room is taken by blobs that are being written.
                } catch {
                    faults.withLock { $0.append("\(error)") }
                }
            }
            try expect(faults.withLock { $0 }, [])
            let total = try store.total()
            try expect(total.bytes <= 1000, true, "\(total)")
        },
    ]
}
