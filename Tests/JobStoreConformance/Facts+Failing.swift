import Conformance
import Jobs

extension JobStoreFact {
    /// What becomes of shards that come to nothing.
    static let failing = [
        JobStoreFact("tries a shard again when its time has come") { store in
            try store.add(Sample.job(1))
            try store.take(0)
            let failure = ShardFailure(reason: "no luck", retry: Sample.time(50))
            let failed = try store.fail(Sample.token(0), failure, now: Sample.time(10))
            try expect(failed.state, .retryable)
            try expect(failed.scheduled, Sample.time(50))
            try expect(failed.error, "no luck")
            try expect(failed.attempts, 1)
            try expect(try store.shards(of: Sample.id(1))[0].state, .waiting(from: Sample.time(50)))
            try expect(try store.claim(Sample.request(1), now: Sample.time(49)), nil)
            let again = try store.take(2, at: 50)
            try expect(again.attempt, 2)
            try expect(again.job.state, .running)
            try expect(
                try store.commit([], of: Sample.token(2), now: Sample.time(60)).state, .completed)
            try expect(
                try store.history(1),
                ["created available", "started running", "failed retryable", "progress running", "ended completed"])
        },
        JobStoreFact("goes on with the other shards of a job meanwhile") { store in
            try store.add(Sample.job(1, shards: 3))
            try store.take(0)
            let failure = ShardFailure(reason: "no luck", retry: Sample.time(50))
            try expect(try store.fail(Sample.token(0), failure, now: Sample.time(1)).state, .running)
            try expect(try store.take(1, at: 2).index, 1)
            try store.commit([], of: Sample.token(1), now: Sample.time(3))
            try expect(try store.take(2, at: 4).index, 2)
            try expect(
                try store.commit([], of: Sample.token(2), now: Sample.time(5)).state, .retryable)
            try expect(try store.claim(Sample.request(3), now: Sample.time(6)), nil)
            try expect(try store.take(4, at: 51).index, 0)
        },
        JobStoreFact("discards a job at once whose input is bad") { store in
            try store.add(Sample.job(1, shards: 2))
            try store.take(0)
            try store.take(1)
            let bad = ShardFailure(reason: "not an image", retry: nil)
            let job = try store.fail(Sample.token(0), bad, now: Sample.time(4))
            try expect(job.state, .discarded)
            try expect(job.error, "not an image")
            try expect(job.finished, Sample.time(4))
            try expectError(JobsError.leaseLost(Sample.token(1))) {
                try store.commit([], of: Sample.token(1), now: Sample.time(5))
            }
            try expect(try store.claim(Sample.request(2), now: Sample.time(6)), nil)
            try expect(try store.history(1).last, "ended discarded")
        },
        JobStoreFact("discards a job when a shard has failed as often as it may") { store in
            try store.add(Sample.job(1, attempts: 2))
            try store.take(0)
            let failure = ShardFailure(reason: "again", retry: Sample.time(2))
            try expect(try store.fail(Sample.token(0), failure, now: Sample.time(1)).state, .retryable)
            try store.take(1, at: 3)
            let job = try store.fail(Sample.token(1), failure, now: Sample.time(4))
            try expect(job.state, .discarded)
            try expect(job.attempts, 2)
            try expect(job.error, "again")
        },
        JobStoreFact("discards a job whose worker is lost as often as a shard may fail") { store in
            try store.add(Sample.job(1, attempts: 2))
            try store.take(0, until: 10)
            try expect(try store.rescue(limit: 9, now: Sample.time(11)), 1)
            try expect(try store.state(1), .available)
            try expect(try store.job(Sample.id(1))?.attempts, 1)
            try store.take(1, at: 12, until: 20)
            try store.rescue(limit: 9, now: Sample.time(21))
            try expect(try store.state(1), .discarded)
            try expect(
                try store.job(Sample.id(1))?.error, "worker 'worker' was not heard of while it had shard 0")
        },
    ]
}
