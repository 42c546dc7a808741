import Blobs
import Conformance

extension BlobStoreFact {
    /// What owners keep.
    static let owners = [
        BlobStoreFact("keeps for an owner against the quota until it lets go") { store, _ in
            let kept = try store.put(bytes(600, seed: 1)).digest
            try expect(try store.keep(kept, for: .some), true)
            try expectError(BlobError.full(byteCount: 401, maximum: 1000)) { try store.put(bytes(401, seed: 2)) }
            try store.put(bytes(400, seed: 3))
            try store.put(bytes(400, seed: 4))
            try expect(try store.contains(kept), true)
            try store.letGo(.some)
            // Let go of just now, it is the last to go.
            try store.put(bytes(300, seed: 5))
            try expect(try store.contains(kept), true)
            try store.put(bytes(800, seed: 6))
            try expect(try store.contains(kept), false)
        },
        BlobStoreFact("keeps what is put for an owner") { store, clock in
            let kept = try store.put(bytes(600, seed: 1), for: .some).digest
            try store.put(bytes(400, seed: 2))
            clock.advance(seconds: 1000)
            try expect(try store.prune(now: clock.now), BlobTotal(count: 1, bytes: 400))
            try expect(try store.contains(kept), true)
            try expect(try store.get(kept), bytes(600, seed: 1))
            try expect(try store.put(bytes(600, seed: 1), for: .some).isNew, false)
            clock.advance(seconds: 1000)
            try store.letGo(.some)
            try expect(try store.contains(kept), false)
            try expect(try store.total(), BlobTotal())
        },
        BlobStoreFact("keeps until the last owner lets go") { store, _ in
            let kept = try store.put(bytes(600, seed: 1), for: .some).digest
            try expect(try store.keep(kept, for: .other), true)
            try expect(try store.keep(kept, for: .other), true)
            try expect(try store.owners(), [.some, .other])
            try store.letGo(.some)
            try expect(try store.owners(), [.other])
            try expectError(BlobError.full(byteCount: 401, maximum: 1000)) { try store.put(bytes(401, seed: 2)) }
            try store.letGo(.other)
            try store.letGo(.other)
            try store.put(bytes(401, seed: 2))
            try expect(try store.contains(kept), false)
            try expect(try store.owners(), [])
        },
        BlobStoreFact("keeps again what was removed and put again") { store, clock in
            let content = bytes(600, seed: 1)
            let digest = try store.put(content, for: .some).digest
            try expect(try store.remove(digest), true)
            try expect(try store.get(digest), nil)
            try store.put(bytes(1000, seed: 2))
            try store.put(content)
            clock.advance(seconds: 1000)
            try store.prune(now: clock.now)
            try expect(try store.contains(digest), true)
        },
        BlobStoreFact("counts what several owners keep once") { store, _ in
            let first = try store.put(bytes(500, seed: 1), for: .some).digest
            try store.put(bytes(500, seed: 2), for: .other)
            try store.keep(first, for: .other)
            try store.letGo(.other)
            // The second is as any other now, the first is kept.
            try store.put(bytes(500, seed: 3))
            try expect(try store.contains(first), true)
            try expectError(BlobError.full(byteCount: 501, maximum: 1000)) { try store.put(bytes(501, seed: 4)) }
        },
    ]
}
