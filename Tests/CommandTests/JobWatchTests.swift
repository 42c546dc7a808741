import ArgumentParser
import Concurrency
import Jobs
import Switchback
import Testing

@testable import SwitchbackCommand

/// Watching a job while the store is away now and then, and what is said of where it is kept.
struct JobWatchTests {
    private static let id = JobID(String(repeating: "a", count: 32))

    private func job(_ state: JobState, done: Int) throws -> Job {
        let start = WallTime(milliseconds: 0)
        return Job(
            id: try #require(Self.id), kind: "occlusion", requirement: "", payload: [], client: "", priority: 0,
            state: state, attempts: 0, maximumAttempts: 1, created: start, scheduled: start, started: start,
            finished: nil, error: nil, progress: JobProgress(done: done, total: 9))
    }

    /// Watches a job of which each look tells one of `looks`, the last for ever; nil where the store is away.
    private func watch(
        _ looks: [Job?], until stop: CancellationToken = .never
    ) -> (result: Result<Job, any Error>, notes: [String], seconds: Double) {
        let (time, notes) = (ManualTime(), Guarded<[String]>([]))
        let (start, left) = (time.now, Guarded(looks))
        let watch = JobWatch(
            title: "occlusion", time: time, note: { text in notes.withLock { $0.append(text) } },
            pause: { timeout, _ in time.advance(by: timeout) }
        ) { _ in
            guard let job = left.withLock({ $0.count > 1 ? $0.removeFirst() : $0[0] }) else {
                throw SwitchbackError.storeAway(reason: "no server")
            }
            return job
        }
        let result = Result { try watch.run(try #require(Self.id), until: stop) }
        return (result, notes.withLock { $0 }, (time.now - start).seconds)
    }

    @Test func goesOnWhenTheStoreIsThereAgain() throws {
        let (running, ended) = (try job(.running, done: 3), try job(.completed, done: 9))
        let found = watch([running, nil, nil, nil, running, nil, ended])
        #expect(try found.result.get() == ended)
        #expect(
            found.notes == [
                "no server; trying again for 5 min 0 s", "the jobs can be seen again",
                "no server; trying again for 5 min 0 s", "the jobs can be seen again",
            ])
    }

    @Test func givesUpAfterFiveMinutes() {
        let found = watch([nil])
        #expect(throws: SwitchbackError.storeAway(reason: "no server")) { try found.result.get() }
        #expect(found.notes.count == 1 && found.seconds == 300)
    }

    @Test func endsWhenItIsToldToWhileTheStoreIsAway() throws {
        let stop = CancellationToken()
        stop.cancel()
        #expect(throws: SwitchbackError.storeAway(reason: "no server")) { try watch([nil], until: stop).result.get() }
        let running = try job(.running, done: 3)
        #expect(try watch([running], until: stop).result.get() == running)
    }

    @Test func namesThePlaceAsAShellReadsItAndWithoutItsPassword() throws {
        let place = try JobPlaceArguments.parse(["--data", "/my jobs/it's", "--store", "postgresql://ann:s3cret@db/x"])
        #expect(place.words == " --data '/my jobs/it'\\''s' --store 'postgresql://ann:***@db/x'")
        #expect(try JobPlaceArguments.parse(["--data", "jobs"]).words == " --data jobs")
        let query = "postgresql://db/x?user=ann&password=s3cret&sslpassword=s3cret&sslmode=require"
        let words = try JobPlaceArguments.parse(["--store", query]).words
        #expect(words == " --store 'postgresql://db/x?user=ann&password=***&sslpassword=***&sslmode=require'")
        #expect(ShellWord("").quoted == "''" && ShellWord("$(id)").quoted == "'$(id)'")
    }
}
