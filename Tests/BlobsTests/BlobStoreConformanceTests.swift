import Blobs
import Concurrency
import Dispatch
import Foundation
import Testing

/// What every blob store does.
@Suite struct BlobStoreConformanceTests {
    private static let small = BlobLimits(maximumBytes: 1000, maximumAge: 100)

    @Test(arguments: StoreKind.allCases) func givesBackWhatWasPut(kind: StoreKind) throws {
        try kind.withStore { store in
            for content in [[], [0], bytes(70_000, seed: 1)] {
                let stored = try store.put(content)
                #expect(stored == StoredBlob(digest: .sha256(of: content), isNew: true))
                #expect(try store.get(stored.digest) == content)
                #expect(try store.contains(stored.digest))
            }
            #expect(try store.total() == BlobTotal(count: 3, bytes: 70_001))
        }
    }

    @Test(arguments: StoreKind.allCases) func keepsEqualBytesOnce(kind: StoreKind) throws {
        try kind.withStore { store in
            let results = [try store.put([1, 2]), try store.put([1, 2])]
            #expect(results.map(\.isNew) == [true, false])
            #expect(try store.total() == BlobTotal(count: 1, bytes: 2))
        }
    }

    @Test(arguments: StoreKind.allCases) func hasNothingUnderOtherDigests(kind: StoreKind) throws {
        try kind.withStore { store in
            let other = Digest.sha256(of: [9])
            try store.put([1])
            #expect(try store.get(other) == nil)
            #expect(try !store.contains(other))
            #expect(try !store.remove(other))
            #expect(try store.hold(other) == nil)
        }
    }

    @Test(arguments: StoreKind.allCases) func removesWhatIsToBeRemoved(kind: StoreKind) throws {
        try kind.withStore { store in
            let digest = try store.put([1]).digest
            #expect(try store.remove(digest))
            #expect(try store.get(digest) == nil)
            #expect(try !store.remove(digest))
            #expect(try store.total() == BlobTotal())
            #expect(try store.put([1]).isNew)
        }
    }

    @Test(arguments: StoreKind.allCases) func makesRoomByRemovingWhatWasUsedLeastRecently(kind: StoreKind) throws {
        try kind.withStore(Self.small) { store in
            let digests = try (UInt8(1)...4).map { try store.put(bytes(250, seed: $0)).digest }
            _ = try store.get(digests[0])
            try store.put(bytes(250, seed: 4))
            _ = try store.contains(digests[1])
            try store.put(bytes(500, seed: 5))
            #expect(try digests.map(store.contains) == [true, false, false, true])
            #expect(try store.total().bytes == 1000)
        }
    }

    @Test(arguments: StoreKind.allCases) func refusesWhatIsLargerThanTheQuota(kind: StoreKind) throws {
        try kind.withStore(Self.small) { store in
            let kept = try store.put([1]).digest
            #expect(throws: BlobError.full(byteCount: 1001, maximum: 1000)) { try store.put(bytes(1001, seed: 1)) }
            #expect(try store.contains(kept))
            try store.put(bytes(1000, seed: 1))
            #expect(try !store.contains(kept))
        }
    }

    @Test(arguments: StoreKind.allCases) func keepsWhatIsHeldAgainstTheQuota(kind: StoreKind) throws {
        try kind.withStore(Self.small) { store in
            let held = try store.put(bytes(600, seed: 1)).digest
            var hold = try store.hold(held)
            #expect(throws: BlobError.self) { try store.put(bytes(401, seed: 2)) }
            try store.put(bytes(400, seed: 3))
            try store.put(bytes(400, seed: 4))
            #expect(try store.contains(held))
            hold = nil
            // Let go of just now, it is the last to go.
            try store.put(bytes(300, seed: 5))
            #expect(try store.contains(held))
            try store.put(bytes(800, seed: 6))
            #expect(try !store.contains(held))
            _ = hold
        }
    }

    @Test(arguments: StoreKind.allCases) func keepsWhatIsHeldTwiceUntilBothLetGo(kind: StoreKind) throws {
        try kind.withStore(Self.small) { store in
            let held = try store.put(bytes(600, seed: 1)).digest
            var holds = [try store.hold(held), try store.hold(held)]
            holds.removeFirst()
            #expect(throws: BlobError.self) { try store.put(bytes(401, seed: 2)) }
            holds.removeFirst()
            try store.put(bytes(401, seed: 2))
            #expect(try !store.contains(held))
        }
    }

    @Test(arguments: StoreKind.allCases) func aHoldEndsWithWhatItHeld(kind: StoreKind) throws {
        try kind.withStore(Self.small) { store in
            let content = bytes(600, seed: 1)
            let digest = try store.put(content).digest
            var hold = try store.hold(digest)
            try store.remove(digest)
            try store.put(content)
            var second = try store.hold(digest)
            // Of the bytes that went: the new ones stay held.
            hold = nil
            #expect(throws: BlobError.self) { try store.put(bytes(401, seed: 2)) }
            second = nil
            try store.put(bytes(401, seed: 2))
            _ = (hold, second)
        }
    }

    @Test(arguments: StoreKind.allCases) func whatIsTooOldIsAbsent(kind: StoreKind) throws {
        let clock = TestClock()
        try kind.withStore(Self.small, clock: clock) { store in
            let digest = try store.put([1]).digest
            clock.advance(seconds: 100)
            #expect(try store.get(digest) == [1])
            clock.advance(seconds: 1)
            #expect(try store.get(digest) == nil)
            #expect(try !store.contains(digest))
            #expect(try store.total() == BlobTotal())
            #expect(try store.put([1]).isNew)
        }
    }

    @Test(arguments: StoreKind.allCases) func puttingAgainMakesYoung(kind: StoreKind) throws {
        let clock = TestClock()
        try kind.withStore(Self.small, clock: clock) { store in
            let digest = try store.put([1]).digest
            clock.advance(seconds: 90)
            try store.put([1])
            clock.advance(seconds: 90)
            #expect(try store.contains(digest))
        }
    }

    @Test(arguments: StoreKind.allCases) func pruningRemovesWhatIsTooOldUnlessItIsHeld(kind: StoreKind) throws {
        let clock = TestClock()
        try kind.withStore(Self.small, clock: clock) { store in
            try store.put(bytes(10, seed: 1))
            let held = try store.put(bytes(20, seed: 2)).digest
            let hold = try store.hold(held)
            clock.advance(seconds: 60)
            try store.put(bytes(30, seed: 3))
            clock.advance(seconds: 60)
            #expect(try store.prune(now: clock.now) == BlobTotal(count: 1, bytes: 10))
            #expect(try store.total() == BlobTotal(count: 2, bytes: 50))
            #expect(try store.get(held) != nil)
            _ = hold
        }
    }

    @Test(arguments: StoreKind.allCases) func manyUsesDoNotChangeTheOrder(kind: StoreKind) throws {
        try kind.withStore(Self.small) { store in
            let digests = try (UInt8(1)...4).map { try store.put(bytes(250, seed: $0)).digest }
            for round in 0..<300 { _ = try store.get(digests[round % 3]) }
            try store.put(bytes(250, seed: 9))
            #expect(try digests.map(store.contains) == [true, true, true, false])
        }
    }

    @Test(arguments: StoreKind.allCases) func keepsToTheQuotaUnderManyThreads(kind: StoreKind) throws {
        try kind.withStore(Self.small) { store in
            let faults = Guarded<[String]>([])
            DispatchQueue.concurrentPerform(iterations: 64) { worker in
                let content = bytes(100 + worker % 8, seed: UInt8(worker % 16))
                do {
                    let digest = try store.put(content).digest
                    if let found = try store.get(digest), found != content { throw BlobError.noSpace }
                    if worker % 5 == 0 { try store.remove(digest) }
                } catch BlobError.full {
                    // All the room is kept for blobs that are being written.
                } catch {
                    faults.withLock { $0.append("\(error)") }
                }
            }
            #expect(faults.withLock { $0 } == [])
            let total = try store.total()
            #expect(total.bytes <= 1000)
        }
    }
}
