import Blobs
import Conformance

extension BlobStoreFact {
    /// What is put and got.
    static let keeping = [
        BlobStoreFact(ofShared: "gives back what was put") { make in
            let clock = TestClock()
            let store = try make(BlobLimits()) { clock.now }
            for content in [[], [0], bytes(70_000, seed: 1)] {
                let stored = try store.put(content)
                try expect(stored, StoredBlob(digest: .sha256(of: content), isNew: true))
                try expect(try store.get(stored.digest), content)
                try expect(try store.contains(stored.digest), true)
            }
            try expect(try store.total(), BlobTotal(count: 3, bytes: 70_001))
        },
        BlobStoreFact("keeps equal bytes once") { store, _ in
            let results = [try store.put([1, 2]), try store.put([1, 2])]
            try expect(results.map(\.isNew), [true, false])
            try expect(try store.total(), BlobTotal(count: 1, bytes: 2))
        },
        BlobStoreFact("has nothing under other digests") { store, _ in
            let other = Digest.sha256(of: [9])
            try store.put([1])
            try expect(try store.get(other), nil)
            try expect(try store.contains(other), false)
            try expect(try store.remove(other), false)
            try expect(try store.keep(other, for: .some), false)
            try expect(try store.owners(), [])
        },
        BlobStoreFact("removes what is to be removed") { store, _ in
            let digest = try store.put([1]).digest
            try expect(try store.remove(digest), true)
            try expect(try store.get(digest), nil)
            try expect(try store.remove(digest), false)
            try expect(try store.total(), BlobTotal())
            try expect(try store.put([1]).isNew, true)
        },
    ]
}

extension BlobOwner {
    static let some = owner("set-1")
    static let other = owner("set_2")

    private static func owner(_ name: String) -> BlobOwner {
        guard let owner = BlobOwner(name) else { preconditionFailure("'\(name)' is no name of an owner") }
        return owner
    }
}
