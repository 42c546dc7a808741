import Conformance
import Jobs

extension JobStoreFact {
    /// What is done from time to time.
    static let duties = [
        JobStoreFact("rescues every lease that is over, and no other") { store in
            try store.add(Sample.job(1, shards: 5))
            for seed in 0..<5 { try store.take(UInt64(seed), until: Int64(seed) * 10) }
            try expect(try LeaseRescue(store, batch: 2).runOnce(now: Sample.time(35)), 4)
            try expect(
                try store.shards(of: Sample.id(1)).map { $0.state == .waiting(from: nil) },
                [true, true, true, true, false])
            try expect(try store.state(1), .running, "one is still leased")
        },
        JobStoreFact("prunes jobs that ended long ago, and no others") { store in
            for seed in 1...5 { try store.add(Sample.job(UInt64(seed), key: "\(seed)")) }
            for seed in 1...4 { try store.cancel(Sample.id(UInt64(seed)), now: Sample.time(Int64(seed) * 10)) }
            let pruning = JobPruning(store, maximumAge: 100, batch: 2)
            try expect(try pruning.runOnce(now: Sample.time(135)), 3)
            try expect(try (1...5).map { try store.job(Sample.id($0)) == nil }, [true, true, true, false, false])
            try expect(try store.events(of: Sample.id(1), after: 0, limit: 9), [])
            try expect(try store.add(Sample.job(6, key: "1")).isNew, true, "its key is free again")
            try expect(try store.counts(), [.cancelled: 1, .available: 2])
        },
        JobStoreFact("prunes results with their job") { store in
            try store.add(Sample.job(1))
            try store.take(0)
            try store.commit([1], of: Sample.token(0), now: Sample.time(1))
            try expect(try store.prune(endedBefore: Sample.time(2), limit: 9), 1)
            try expect(try store.results(of: Sample.id(1)), [])
            try expect(try store.add(Sample.job(1)).isNew, true)
            try expect(try store.results(of: Sample.id(1)), [], "a job of the same name")
        },
    ]
}
