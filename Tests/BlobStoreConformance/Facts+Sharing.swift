import Blobs
import Concurrency
import Conformance
import Dispatch

extension BlobStoreFact {
    /// What a process sees of what others, or it in an earlier life, have done.
    static let sharing = [
        BlobStoreFact(ofShared: "finds what another process put") { make in
            let clock = TestClock()
            let (one, other) = try (make(.small) { clock.now }, make(.small) { clock.now })
            let digest = try one.put([1, 2, 3]).digest
            try expect(try other.contains(digest), true)
            try expect(try other.get(digest), [1, 2, 3])
            try expect(try other.put([1, 2, 3]).isNew, false)
            try expect(try other.total(), BlobTotal(count: 1, bytes: 3))
        },
        BlobStoreFact(ofShared: "survives a restart with ages and order") { make in
            let clock = TestClock()
            let limits = BlobLimits(maximumBytes: 1000, maximumAge: 1000)
            var store = try make(limits) { clock.now }
            let digests = try (UInt8(1)...3).map { seed in
                clock.advance(seconds: 100)
                return try store.put(bytes(300, seed: seed)).digest
            }
            clock.advance(seconds: 100)
            _ = try store.get(digests[0])
            store = try make(limits) { clock.now }
            try expect(try store.total(), BlobTotal(count: 3, bytes: 900))
            try store.put(bytes(300, seed: 9))
            try expect(try digests.map(store.contains), [true, false, true])
            // Used later, but stored first.
            clock.advance(seconds: 701)
            store = try make(limits) { clock.now }
            try expect(try digests.map(store.contains), [false, false, true])
        },
        BlobStoreFact(ofShared: "keeps for an owner across restarts and processes") { make in
            let clock = TestClock()
            let bystander = try make(.small) { clock.now }
            let kept: Digest
            do {
                let store = try make(.small) { clock.now }
                kept = try store.put(bytes(600, seed: 1), for: .some).digest
                let seen = try bystander.contains(kept)
                try expect(seen, true)
            }
            clock.advance(seconds: 101)
            try expect(try bystander.prune(now: clock.now), BlobTotal())
            try expect(try bystander.contains(kept), true)
            try expectError(BlobError.full(byteCount: 401, maximum: 1000)) { try bystander.put(bytes(401, seed: 2)) }
            let again = try make(.small) { clock.now }
            try expect(try again.get(kept), bytes(600, seed: 1))
            try expect(try again.owners(), [.some])
            try again.letGo(.some)
            try bystander.put(bytes(401, seed: 2))
            try expect(try bystander.prune(now: clock.now), BlobTotal())
            try expect(try again.contains(kept), false)
            try expect(try bystander.owners(), [])
        },
        BlobStoreFact(ofShared: "is as young as the last process says that put it") { make in
            let clock = TestClock()
            let (one, other) = try (make(.small) { clock.now }, make(.small) { clock.now })
            let digests = try (UInt8(1)...2).map { try one.put(bytes(9, seed: $0)).digest }
            try expect(try digests.map(other.contains), [true, true])
            clock.advance(seconds: 90)
            for seed in UInt8(1)...2 { try other.put(bytes(9, seed: seed)) }
            clock.advance(seconds: 90)
            try expect(try one.contains(digests[0]), true)
            try expect(try one.prune(now: clock.now), BlobTotal())
            try expect(try other.contains(digests[1]), true)
            clock.advance(seconds: 11)
            try expect(try one.contains(digests[0]), false)
        },
        BlobStoreFact(ofShared: "prunes once however many do it at once") { make in
            let clock = TestClock()
            let stores = try (0..<4).map { _ in try make(.small) { clock.now } }
            for seed in UInt8(0)..<50 { try stores[0].put(bytes(10, seed: seed)) }
            let kept = try stores[0].put([1], for: .some).digest
            clock.advance(seconds: 101)
            let young = try stores[0].put([2]).digest
            let faults = Guarded<[String]>([])
            DispatchQueue.concurrentPerform(iterations: 4) { index in
                do {
                    try stores[index].prune(now: clock.now)
                } catch {
                    faults.withLock { $0.append("\(error)") }
                }
            }
            try expect(faults.withLock { $0 }, [])
            try expect(try make(.small) { clock.now }.total(), BlobTotal(count: 2, bytes: 2))
            try expect(try stores[3].get(kept), [1])
            try expect(try stores[3].get(young), [2])
        },
    ]
}
