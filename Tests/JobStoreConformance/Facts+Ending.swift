import Conformance
import Jobs

extension JobStoreFact {
    /// How jobs are cancelled.
    static let ending = [
        JobStoreFact("cancels a job that waits") { store in
            try store.add(Sample.job(1))
            let job = try store.cancel(Sample.id(1), now: Sample.time(3))
            try expect(job.state, .cancelled)
            try expect(job.finished, Sample.time(3))
            try expect(try store.claim(Sample.request(0), now: Sample.time(4)), nil)
            try expect(try store.cancel(Sample.id(1), now: Sample.time(9)), job, "a second time")
            try expect(try store.history(1), ["created available", "ended cancelled"])
        },
        JobStoreFact("cancels a job while it is computed, and keeps what is done") { store in
            try store.add(Sample.job(1, shards: 3))
            try store.take(0)
            try store.commit([5], of: Sample.token(0), now: Sample.time(1))
            try store.take(1)
            try store.cancel(Sample.id(1), now: Sample.time(2))
            try expect(try store.heartbeat([Sample.token(1)], until: Sample.time(99)), [])
            try expectError(JobsError.leaseLost(Sample.token(1))) {
                try store.commit([6], of: Sample.token(1), now: Sample.time(3))
            }
            try expect(try store.rescue(limit: 9, now: Sample.time(5000)), 0)
            try expect(try store.job(Sample.id(1))?.progress, JobProgress(done: 1, total: 3))
            try expect(try store.results(of: Sample.id(1)).map(\.bytes), [[5]])
        },
        JobStoreFact("cancels a job that waits to be tried again") { store in
            try store.add(Sample.job(1))
            try store.take(0)
            try store.fail(
                Sample.token(0), ShardFailure(reason: "no luck", retry: Sample.time(9)), now: Sample.time(1))
            try store.cancel(Sample.id(1), now: Sample.time(2))
            try expect(try store.claim(Sample.request(1), now: Sample.time(10)), nil)
        },
        JobStoreFact("goes on with a cancelled job that is handed in again, from the shards that are done") { store in
            try store.add(Sample.job(1, identity: "same", shards: 3))
            try store.take(0)
            try store.commit([5], of: Sample.token(0), now: Sample.time(1))
            try store.take(1)
            try store.cancel(Sample.id(1), now: Sample.time(2))
            try expect(try store.add(Sample.job(2, identity: "same", shards: 3, client: "bob")).isNew, true)
            let again = try store.add(Sample.job(3, identity: "same", shards: 3, key: "k"), at: 3)
            try expect(again.isNew, false)
            try expect(again.job.id, Sample.id(1))
            try expect(again.job.state, .available)
            try expect(again.job.finished, nil)
            try expect(again.job.progress, JobProgress(done: 1, total: 3))
            try expect(try store.job(Sample.id(1)), again.job)
            try expect(try store.results(of: Sample.id(1)).map(\.bytes), [[5]])
            try expectError(JobsError.leaseLost(Sample.token(1))) {
                try store.commit([6], of: Sample.token(1), now: Sample.time(4))
            }
            try expect(try store.claim(Sample.request(2), now: Sample.time(5))?.index, 1)
            try store.commit([6], of: Sample.token(2), now: Sample.time(6))
            try expect(try store.claim(Sample.request(3), now: Sample.time(7))?.index, 2)
            try expect(try store.commit([7], of: Sample.token(3), now: Sample.time(8)).state, .completed)
            try expect(try store.history(1).suffix(4).first, "reopened available")
            try expect(try store.add(Sample.job(4, identity: "same", shards: 3, key: "k")).job.id, Sample.id(1))
        },
        JobStoreFact("counts a job that is open again among those of its client") { store in
            try store.add(Sample.job(1, identity: "same"))
            try store.cancel(Sample.id(1), now: Sample.time(1))
            try store.add(Sample.job(2))
            try expectError(JobsError.tooManyJobs(client: "ann", maximum: 1)) {
                try store.add(Sample.job(3, identity: "same"), at: 2, limit: 1)
            }
            try expect(try store.state(1), .cancelled)
        },
        JobStoreFact("cancels no job that is completed or discarded") { store in
            try store.add(Sample.job(1))
            try store.take(0)
            try store.commit([], of: Sample.token(0), now: Sample.time(1))
            try expectError(JobsError.ended(Sample.id(1), .completed)) {
                try store.cancel(Sample.id(1), now: Sample.time(2))
            }
            try store.add(Sample.job(2))
            try store.take(1)
            try store.fail(Sample.token(1), ShardFailure(reason: "bad", retry: nil), now: Sample.time(3))
            try expectError(JobsError.ended(Sample.id(2), .discarded)) {
                try store.cancel(Sample.id(2), now: Sample.time(4))
            }
        },
    ]
}
