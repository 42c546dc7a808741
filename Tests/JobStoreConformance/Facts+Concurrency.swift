import Concurrency
import Conformance
import Dispatch
import Jobs

extension JobStoreFact {
    /// What several threads see.
    static let concurrency = [
        JobStoreFact("gives no shard to two workers at once") { store in
            for seed in 1...4 { try store.add(Sample.job(UInt64(seed), shards: 25)) }
            let claimed = Guarded<[String]>([])
            let failures = Guarded<[String]>([])
            DispatchQueue.concurrentPerform(iterations: 4) { worker in
                do {
                    var seed = UInt64(worker) * 1000
                    while let shard = try store.claim(Sample.request(seed), now: Sample.time(1)) {
                        claimed.withLock { $0.append("\(shard.job.id) \(shard.index)") }
                        try store.commit([UInt8(worker)], of: shard.lease.token, now: Sample.time(2))
                        seed += 1
                    }
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
            try expect(failures.withLock { $0 }, [])
            try expect(claimed.withLock { $0.count }, 100)
            try expect(claimed.withLock { Set($0).count }, 100)
            try expect(try store.counts(), [.completed: 4])
        },
        JobStoreFact("takes one job in however many hand it in at once") { store in
            let new = Guarded(0)
            let failures = Guarded<[String]>([])
            DispatchQueue.concurrentPerform(iterations: 8) { index in
                do {
                    let job = Sample.job(UInt64(index), identity: "same", key: index % 2 == 0 ? "k" : nil)
                    if try store.add(job).isNew { new.withLock { $0 += 1 } }
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
            try expect(failures.withLock { $0 }, [])
            try expect(new.withLock { $0 }, 1)
        },
    ]
}
