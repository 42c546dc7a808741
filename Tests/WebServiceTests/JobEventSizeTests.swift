import Foundation
import HTTP
import HTTPTypes
import Jobs
import Testing

@testable import Switchback
@testable import WebService

struct JobEventSizeTests {
    /// An error may have the name of a file from an archive of somebody else in it.
    @Test func anEventIsNeverLongerThanAPiece() throws {
        let service = try TestService(jobs: JobLimits())
        let answer = try service.ask("/occlusion", fields: [.prefer: "respond-async"], body: try TestService.chelsea())
        let address = try #require(answer.fields[.location])
        var job = try #require(service.jobs).job(String(address.dropFirst("/jobs/".count))).job
        job.error = String(repeating: "\u{1}", count: 100_000)
        job.progress.done = 1
        for state in [JobState.retryable, .discarded] {
            job.state = state
            let events = try #require(JobEvents(try ExplanationJob(job), now: job.created).behind(nil))
            #expect(events.bytes.count > 2000 && events.bytes.count <= StreamedBody.maximumPieceBytes)
        }
    }
}
