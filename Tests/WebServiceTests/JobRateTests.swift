import HTTP
import HTTPTypes
import Jobs
import Testing

@testable import Switchback
@testable import WebService

/// How fast a job is said to go.
struct JobRateTests {
    private func document(_ change: (inout Job) -> Void, now: WallTime) throws -> JobDocument {
        let service = try TestService(jobs: JobLimits())
        let answer = try service.ask(
            "/occlusion?stride=32", fields: [.prefer: "respond-async"], body: try TestService.chelsea())
        let id = try #require(answer.fields[.location]?.split(separator: "/").last)
        var job = try #require(service.jobs).job(String(id)).job
        change(&job)
        return JobDocument(try ExplanationJob(job), now: now)
    }

    @Test func countsTheTimeInWhichItWasWorkedOn() throws {
        let (start, now) = (WallTime(milliseconds: 1_000), WallTime(milliseconds: 200_000_000))
        let document = try document(
            { job in
                (job.state, job.started, job.worked, job.workedFrom) = (.running, start, 4_000, now)
                job.progress = JobProgress(done: 2, total: 10)
            }, now: now)
        #expect(document.rateJSON == .double(0.5))
        #expect(document.estimatedEnd == now.advanced(byMilliseconds: 16_000))
    }

    @Test func saysNothingBeforeAShardIsDone() throws {
        let now = WallTime(milliseconds: 5_000)
        let document = try document({ ($0.state, $0.started, $0.worked) = (.running, now, 4_000) }, now: now)
        #expect(document.rateJSON == .null && document.endJSON == .null)
    }
}
