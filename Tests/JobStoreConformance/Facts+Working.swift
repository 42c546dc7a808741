import Conformance
import Jobs

extension JobStoreFact {
    /// What counts as time worked on a job.
    static let working = [
        JobStoreFact("counts no time in which a job was cancelled") { store in
            try store.add(Sample.job(1, shards: 3))
            try store.take(0, at: 1_000)
            try expect(try store.commit([1], of: Sample.token(0), now: Sample.time(3_000)).worked, 2_000)
            try expect(try store.job(Sample.id(1))?.workedFrom, nil)
            try store.take(1, at: 4_000)
            try expect(try store.job(Sample.id(1))?.workedFrom, Sample.time(4_000))
            try expect(try store.cancel(Sample.id(1), now: Sample.time(4_500)).worked, 2_500)
            try expect(try store.add(Sample.job(1, shards: 3), at: day).job.state, .available)
            try store.take(2, at: day + 10, until: day + 1_000)
            let job = try store.commit([2], of: Sample.token(2), now: Sample.time(day + 1_010))
            try expect(job.worked, 3_500)
            try expect(job.progress.done, 2)
        },
        JobStoreFact("counts the time of several workers once") { store in
            try store.add(Sample.job(1, shards: 3))
            try store.take(0, at: 1_000)
            try store.take(1, at: 1_500)
            try expect(try store.commit([1], of: Sample.token(0), now: Sample.time(2_000)).worked, 1_000)
            try store.take(2, at: 2_500)
            try expect(try store.commit([1], of: Sample.token(1), now: Sample.time(3_000)).worked, 2_000)
            try expect(try store.commit([1], of: Sample.token(2), now: Sample.time(4_000)).worked, 3_000)
        },
        JobStoreFact("counts no more of a lost worker's time than its lease") { store in
            try store.add(Sample.job(1, shards: 2))
            try store.take(0, at: 1_000, until: 31_000)
            try store.take(1, at: 1_000, until: 41_000)
            try expect(try store.heartbeat([Sample.token(0)], until: Sample.time(51_000)), [Sample.token(0)])
            try store.rescue(limit: 9, now: Sample.time(day))
            try expect(try store.job(Sample.id(1))?.worked, 40_000, "up to the end of the first to be taken back")
            try expect(try store.job(Sample.id(1))?.workedFrom, nil)
            try store.take(2, at: day)
            try expect(try store.giveBack([Sample.token(2)], now: Sample.time(day + 500)), 1)
            try expect(try store.job(Sample.id(1))?.worked, 40_500)
        },
        JobStoreFact("counts no time before a shard is tried again") { store in
            try store.add(Sample.job(1))
            try store.take(0, at: 1_000)
            let failure = ShardFailure(reason: "no", retry: Sample.time(9_000))
            try expect(try store.fail(Sample.token(0), failure, now: Sample.time(1_200)).worked, 200)
            try store.take(1, at: 9_000)
            // A clock that goes back takes nothing away.
            try expect(try store.commit([1], of: Sample.token(1), now: Sample.time(8_000)).worked, 200)
        },
    ]

    private static let day: Int64 = 86_400_000
}
