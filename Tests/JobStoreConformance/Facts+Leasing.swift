import Conformance
import Jobs

extension JobStoreFact {
    /// What a lease is good for.
    static let leasing = [
        JobStoreFact("counts each shard once, and completes a job with its last") { store in
            try store.add(Sample.job(1, shards: 2))
            try store.take(0)
            try store.take(1)
            let first = try store.commit([7, 7], of: Sample.token(1), now: Sample.time(3))
            try expect(first.progress, JobProgress(done: 1, total: 2))
            try expect(first.state, .running)
            try expectError(JobsError.leaseLost(Sample.token(1))) {
                try store.commit([8], of: Sample.token(1), now: Sample.time(4))
            }
            let second = try store.commit([6], of: Sample.token(0), now: Sample.time(5))
            try expect(second.state, .completed)
            try expect(second.finished, Sample.time(5))
            try expect(second.progress, JobProgress(done: 2, total: 2))
            try expect(
                try store.results(of: Sample.id(1)),
                [ShardResult(index: 0, items: [0], bytes: [6]), ShardResult(index: 1, items: [1], bytes: [7, 7])])
            try expect(try store.shards(of: Sample.id(1)).map(\.state), [.done, .done])
            try expect(
                try store.history(1),
                ["created available", "started running", "progress running", "progress running", "ended completed"])
            try expect(try store.claim(Sample.request(9), now: Sample.time(6)), nil)
        },
        JobStoreFact("keeps a lease that has heartbeats") { store in
            try store.add(Sample.job(1))
            try store.take(0, until: 100)
            let held = try store.heartbeat([Sample.token(0), Sample.token(5)], until: Sample.time(300))
            try expect(held, [Sample.token(0)])
            try expect(try store.rescue(limit: 9, now: Sample.time(200)), 0)
            try expect(try store.rescue(limit: 9, now: Sample.time(300)), 0, "at its end")
            try expect(try store.rescue(limit: 9, now: Sample.time(301)), 1)
            try expect(try store.heartbeat([Sample.token(0)], until: Sample.time(900)), [])
        },
        JobStoreFact("counts no result that comes after the lease was taken away") { store in
            try store.add(Sample.job(1))
            try store.take(0, until: 100)
            try store.rescue(limit: 9, now: Sample.time(101))
            try expect(try store.state(1), .available)
            let again = try store.take(1, at: 102)
            try expect(again.attempt, 2)
            try expectError(JobsError.leaseLost(Sample.token(0))) {
                try store.commit([1], of: Sample.token(0), now: Sample.time(103))
            }
            try expectError(JobsError.leaseLost(Sample.token(0))) {
                try store.fail(
                    Sample.token(0), ShardFailure(reason: "late", retry: nil), now: Sample.time(103))
            }
            try expect(try store.giveBack([Sample.token(0)], now: Sample.time(103)), 0)
            try store.commit([2], of: Sample.token(1), now: Sample.time(104))
            try expect(try store.results(of: Sample.id(1)).map(\.bytes), [[2]])
        },
        JobStoreFact("counts a late result while nobody else has the shard") { store in
            try store.add(Sample.job(1))
            try store.take(0, until: 100)
            try expect(
                try store.commit([1], of: Sample.token(0), now: Sample.time(999)).state, .completed)
            try expect(try store.rescue(limit: 9, now: Sample.time(1000)), 0)
        },
        JobStoreFact("gives shards back as if they had never been claimed") { store in
            try store.add(Sample.job(1, shards: 2))
            try store.take(0)
            try store.take(1)
            try expect(try store.giveBack([Sample.token(0)], now: Sample.time(2)), 1)
            try expect(try store.state(1), .running, "the other is still leased")
            try expect(try store.giveBack([Sample.token(0), Sample.token(1)], now: Sample.time(3)), 1)
            try expect(try store.state(1), .available)
            let again = try store.take(2, at: 4)
            try expect(again.index, 0)
            try expect(again.attempt, 1)
            try expect(again.job.started, Sample.time(0), "it was begun before")
            try expect(
                try store.history(1),
                ["created available", "started running", "released running", "released available"])
        },
    ]
}
