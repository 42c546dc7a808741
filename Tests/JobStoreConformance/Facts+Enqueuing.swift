import Conformance
import Jobs

extension JobStoreFact {
    /// How jobs get in.
    static let enqueuing = [
        JobStoreFact("takes a job in as it was handed in") { store in
            let new = Sample.job(1, shards: 3, priority: 2)
            let enqueued = try store.add(new, at: 5)
            try expect(enqueued.isNew, true)
            let job = try require(try store.job(new.id))
            try expect(job, enqueued.job)
            let expected = Job(
                id: new.id, kind: "sweep", requirement: "model", payload: new.payload, client: "ann", priority: 2,
                state: .available, attempts: 0, maximumAttempts: 3, created: Sample.time(5), scheduled: Sample.time(5),
                started: nil, finished: nil, error: nil, progress: JobProgress(done: 0, total: 3))
            try expect(job, expected)
            try expect(
                try store.shards(of: new.id),
                (0..<3).map { JobShard(job: new.id, index: $0, items: [UInt8($0)], state: .waiting(from: nil)) })
            try expect(try store.history(1), ["created available"])
        },
        JobStoreFact("knows nothing of jobs that were not handed in") { store in
            try expect(try store.job(Sample.id(9)), nil)
            try expect(try store.input(of: Sample.id(9)), nil)
            try expect(try store.shards(of: Sample.id(9)), [])
            try expect(try store.results(of: Sample.id(9)), [])
            try expect(try store.events(of: Sample.id(9), after: 0, limit: 9), [])
            try expectError(JobsError.unknownJob(Sample.id(9))) { try store.cancel(Sample.id(9), now: Sample.time(0)) }
        },
        JobStoreFact("finds an identical request of a client that is not discarded") { store in
            try store.add(Sample.job(1, identity: "same"))
            let again = try store.add(Sample.job(2, identity: "same"))
            try expect(again.isNew, false)
            try expect(again.job.id, Sample.id(1))
            try expect(try store.add(Sample.job(3, identity: "same", client: "bob")).isNew, true, "another client")
            try store.take(0)
            try store.fail(Sample.token(0), ShardFailure(reason: "bad", retry: nil), now: Sample.time(1))
            try expect(try store.add(Sample.job(4, identity: "same")).isNew, true, "behind a discarded one")
            try store.take(1)
            try store.commit([], of: Sample.token(1), now: Sample.time(2))
            try expect(try store.state(3), .completed)
            try expect(
                try store.add(Sample.job(5, identity: "same", client: "bob")).job.id, Sample.id(3), "a completed one")
        },
        JobStoreFact("finds the job of an idempotency key, whatever became of it") { store in
            try store.add(Sample.job(1, identity: "a", key: "k"))
            try expect(try store.add(Sample.job(2, identity: "a", key: "k")).job.id, Sample.id(1))
            try store.cancel(Sample.id(1), now: Sample.time(1))
            let again = try store.add(Sample.job(3, identity: "a", key: "k"))
            try expect(again.job.id, Sample.id(1))
            try expect(again.job.state, .cancelled)
            try expectError(JobsError.keyUsed("k")) { try store.add(Sample.job(4, identity: "b", key: "k")) }
            try expect(
                try store.add(Sample.job(5, identity: "b", key: "k", client: "bob")).isNew, true, "another client")
        },
        JobStoreFact("gives several keys for one request one job") { store in
            try store.add(Sample.job(1, identity: "a", key: "k"))
            try expect(try store.add(Sample.job(2, identity: "a", key: "l")).job.id, Sample.id(1))
            try expectError(JobsError.keyUsed("l")) { try store.add(Sample.job(3, identity: "b", key: "l")) }
        },
        JobStoreFact("limits the jobs of a client that have not ended") { store in
            try store.add(Sample.job(1), limit: 2)
            try store.add(Sample.job(2), limit: 2)
            try expectError(JobsError.tooManyJobs(client: "ann", maximum: 2)) { try store.add(Sample.job(3), limit: 2) }
            try expect(try store.job(Sample.id(3)), nil)
            try expect(try store.add(Sample.job(1, identity: "identity 2"), limit: 2).isNew, false, "one that is there")
            try store.add(Sample.job(4, client: "bob"), limit: 2)
            try store.cancel(Sample.id(1), now: Sample.time(1))
            try expect(try store.add(Sample.job(5), limit: 2).isNew, true)
        },
        JobStoreFact("keeps an input as long as a job works on it") { store in
            let input = JobInput(digest: "d", bytes: [0, 255, 7])
            try store.add(Sample.job(1, input: input))
            try store.add(Sample.job(2, input: input), at: 1)
            try store.add(Sample.job(3))
            try expect(try store.input(of: Sample.id(3)), nil)
            try store.cancel(Sample.id(1), now: Sample.time(2))
            try store.cancel(Sample.id(2), now: Sample.time(4))
            try expect(try store.prune(endedBefore: Sample.time(3), limit: 9), 1)
            try expect(try store.input(of: Sample.id(1)), nil)
            try expect(try store.input(of: Sample.id(2)), [0, 255, 7])
            try store.prune(endedBefore: Sample.time(5), limit: 9)
            try store.add(Sample.job(4, input: JobInput(digest: "d", bytes: [1])))
            try expect(try store.input(of: Sample.id(4)), [1], "an input that had gone")
        },
    ]
}
