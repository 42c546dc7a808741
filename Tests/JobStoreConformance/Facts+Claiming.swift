import Conformance
import Jobs

extension JobStoreFact {
    /// Who gets which shard.
    static let claiming = [
        JobStoreFact("hands out the shards of a job in order, each once") { store in
            try store.add(Sample.job(1, shards: 3))
            for place in 0..<3 {
                let shard = try store.take(UInt64(place), at: 7)
                try expect(shard.index, place)
                try expect(shard.items, [UInt8(place)])
                try expect(shard.attempt, 1)
                try expect(shard.lease, Sample.request(UInt64(place)).lease)
                try expect(shard.job.state, .running)
                try expect(shard.job.started, Sample.time(7))
            }
            try expect(try store.claim(Sample.request(9), now: Sample.time(7)), nil)
            try expect(try store.shards(of: Sample.id(1))[1].state, .leased(Sample.request(1).lease))
            try expect(try store.history(1), ["created available", "started running"])
        },
        JobStoreFact("takes the highest priority first, then the oldest") { store in
            try store.add(Sample.job(1))
            try store.add(Sample.job(2, priority: 5))
            try store.add(Sample.job(3, priority: -5))
            try store.add(Sample.job(4, priority: 5))
            let order = try (0..<4).map { try store.take($0).job.id }
            try expect(order, [2, 4, 1, 3].map(Sample.id))
        },
        JobStoreFact("hands out the shards of one job to who wants no other") { store in
            try store.add(Sample.job(1, priority: 9))
            try store.add(Sample.job(2, shards: 2))
            func claimed(_ job: UInt64, _ seed: UInt64, kind: String = "sweep", perClient: Int? = nil) throws -> JobID?
            {
                var request = Sample.request(seed, kinds: [kind], perClient: perClient)
                request.job = Sample.id(job)
                return try store.claim(request, now: Sample.time(0))?.job.id
            }
            try expect(try claimed(2, 0), Sample.id(2))
            try expect(try claimed(2, 1, perClient: 1), nil, "its client has as many as it may")
            try expect(try claimed(2, 2, kind: "other"), nil)
            try expect(try claimed(3, 3), nil)
            try expect(try claimed(2, 4), Sample.id(2))
            try expect(try claimed(2, 5), nil, "the other job waits still")
            try expect(try claimed(1, 6), Sample.id(1))
        },
        JobStoreFact("hands out what a worker can do, and nothing else") { store in
            try store.add(Sample.job(1, kind: "a", requirement: "x"))
            try store.add(Sample.job(2, kind: "b", requirement: "y", priority: 1))
            func claimed(_ kinds: [String], _ requirements: [String], _ seed: UInt64) throws -> JobID? {
                try store.claim(
                    Sample.request(seed, kinds: kinds, requirements: requirements), now: Sample.time(0))?.job.id
            }
            try expect(try claimed(["a"], ["y"], 1), nil)
            try expect(try claimed(["b"], ["x"], 2), nil)
            try expect(try claimed([], ["x", "y"], 3), nil)
            try expect(try claimed(["a", "b"], ["x"], 4), Sample.id(1))
            try expect(try claimed(["a", "b"], ["x", "y"], 5), Sample.id(2))
        },
        JobStoreFact("leases no more shards of one client than it may have") { store in
            try store.add(Sample.job(1, shards: 3, priority: 1))
            try store.add(Sample.job(2, client: "bob"))
            func claimed(_ seed: UInt64, _ limit: Int) throws -> JobID? {
                try store.claim(Sample.request(seed, perClient: limit), now: Sample.time(0))?.job.id
            }
            try expect(try claimed(1, 2), Sample.id(1))
            try expect(try claimed(2, 2), Sample.id(1))
            try expect(try claimed(3, 2), Sample.id(2), "ann has two")
            try expect(try claimed(4, 2), nil)
            try store.commit([], of: Sample.token(1), now: Sample.time(1))
            try expect(try claimed(5, 2), Sample.id(1), "one of hers is done")
        },
        JobStoreFact("goes on with the next job when all shards of one are out") { store in
            try store.add(Sample.job(1, shards: 2))
            try store.add(Sample.job(2))
            try expect(try (0..<3).map { try store.take($0).job.id }, [1, 1, 2].map(Sample.id))
            try expect(try store.counts(), [.running: 2])
        },
    ]
}
