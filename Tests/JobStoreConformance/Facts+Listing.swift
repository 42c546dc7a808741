import Conformance
import Jobs

extension JobStoreFact {
    /// What of the jobs is told.
    static let listing = [
        JobStoreFact("lists jobs newest first, by state, kind, client and time") { store in
            try store.add(Sample.job(1, kind: "a"), at: 10)
            try store.add(Sample.job(2, kind: "b", client: "bob"), at: 20)
            try store.add(Sample.job(3, kind: "a"), at: 20)
            try store.add(Sample.job(4, kind: "c"), at: 30)
            try store.cancel(Sample.id(3), now: Sample.time(40))
            func listed(_ filter: JobFilter) throws -> [JobID] {
                try store.jobs(filter, after: nil, limit: 10).jobs.map(\.id)
            }
            try expect(try listed(JobFilter()), [4, 3, 2, 1].map(Sample.id))
            try expect(try listed(JobFilter(states: [.available])), [4, 2, 1].map(Sample.id))
            try expect(try listed(JobFilter(states: [.available, .cancelled])), [4, 3, 2, 1].map(Sample.id))
            try expect(try listed(JobFilter(states: [])), [])
            try expect(try listed(JobFilter(kinds: ["a", "b"])), [3, 2, 1].map(Sample.id))
            try expect(try listed(JobFilter(states: [.available], kinds: ["a"])), [Sample.id(1)])
            try expect(try listed(JobFilter(client: "bob")), [Sample.id(2)])
            try expect(try listed(JobFilter(states: [.cancelled], client: "ann")), [Sample.id(3)])
            try expect(
                try listed(JobFilter(createdFrom: Sample.time(20), createdBefore: Sample.time(30))),
                [3, 2].map(Sample.id))
            try expect(try store.counts(), [.available: 3, .cancelled: 1])
        },
        JobStoreFact("neither repeats nor hides a job while jobs come, go and change") { store in
            for seed in 1...6 { try store.add(Sample.job(UInt64(seed)), at: Int64(seed)) }
            let first = try store.jobs(JobFilter(), after: nil, limit: 2)
            try expect(first.jobs.map(\.id), [6, 5].map(Sample.id))
            try store.add(Sample.job(7), at: 7)
            try store.add(Sample.job(8), at: 0)
            try store.cancel(Sample.id(5), now: Sample.time(8))
            try store.prune(endedBefore: Sample.time(9), limit: 9)
            let second = try store.jobs(JobFilter(), after: first.next, limit: 2)
            try expect(second.jobs.map(\.id), [4, 3].map(Sample.id))
            let third = try store.jobs(JobFilter(), after: second.next, limit: 3)
            try expect(third.jobs.map(\.id), [2, 1, 8].map(Sample.id))
            try expect(third.next, nil, "the end")
        },
        JobStoreFact("pages through several states and kinds in one order") { store in
            for seed in 1...9 {
                try store.add(Sample.job(UInt64(seed), kind: seed % 3 == 0 ? "a" : "b"), at: Int64(seed))
            }
            for seed in [2, 3, 7] { try store.cancel(Sample.id(UInt64(seed)), now: Sample.time(10)) }
            let filter = JobFilter(states: [.available, .cancelled], kinds: ["a", "b"])
            var (listed, cursor): ([JobID], JobCursor?) = ([], nil)
            repeat {
                let page = try store.jobs(filter, after: cursor, limit: 2)
                listed += page.jobs.map(\.id)
                cursor = page.next
            } while cursor != nil
            try expect(listed, (1...9).reversed().map { Sample.id(UInt64($0)) })
        },
        JobStoreFact("knows since when the oldest available job waits") { store in
            try expect(try store.oldestAvailable(), nil)
            for seed in 1...3 { try store.add(Sample.job(UInt64(seed)), at: Int64(seed)) }
            try expect(try store.oldestAvailable(), Sample.time(1))
            try store.take(0)
            try expect(try store.oldestAvailable(), Sample.time(2))
            try store.cancel(Sample.id(2), now: Sample.time(9))
            try store.cancel(Sample.id(3), now: Sample.time(9))
            try expect(try store.oldestAvailable(), nil)
        },
        JobStoreFact("tells what happened behind an event") { store in
            try store.add(Sample.job(1, shards: 2))
            try store.add(Sample.job(2))
            try store.take(0)
            try store.commit([], of: Sample.token(0), now: Sample.time(8))
            let all = try store.events(of: Sample.id(1), after: 0, limit: 10)
            try expect(all.map(\.kind), [.created, .started, .progress])
            try expect(all.map(\.number), all.map(\.number).sorted())
            try expect(all[2].progress, JobProgress(done: 1, total: 2))
            try expect(all[2].time, Sample.time(8))
            try expect(try store.events(of: Sample.id(1), after: all[0].number, limit: 1), [all[1]])
            try expect(try store.events(of: Sample.id(1), after: all[2].number, limit: 10), [])
        },
    ]
}
