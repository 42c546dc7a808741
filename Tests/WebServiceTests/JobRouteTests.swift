import Foundation
import HTTP
import HTTPTypes
import Jobs
import Switchback
import TestSupport
import Testing

@testable import WebService

/// Requests that become jobs, and what is told of them.
struct JobRouteTests {
    private static let sweep = "/occlusion?patch=100&stride=100"

    private func service(limits: EngineLimits = EngineLimits(), jobs: JobLimits = JobLimits()) throws -> TestService {
        try TestService(limits: limits, jobs: jobs)
    }

    /// Posts a sweep that is to become a job; its address.
    private func submit(_ service: TestService, _ target: String = sweep, fields: HTTPFields = [:]) throws -> String {
        var fields = fields
        fields[.prefer] = "respond-async, wait=5"
        let answer = try service.ask(target, fields: fields, body: try TestService.chelsea())
        #expect(answer.status == .accepted)
        #expect(answer.fields[.preferenceApplied] == "respond-async")
        return try #require(answer.fields[.location])
    }

    @Test func aJobIsPromisedThenDoneThenAnsweredByteForByte() throws {
        let service = try service()
        let address = try submit(service)
        let promised = try TestService.object(try service.get(address))
        #expect(promised["state"] as? String == "available")
        #expect(promised["kind"] as? String == "occlusion")
        #expect((promised["links"] as? [String: String])?["result"] == address + "/result")
        #expect(try service.get(address + "/result").status == .conflict)
        try service.workUntilIdle()
        let done = try TestService.object(try service.get(address))
        #expect(done["state"] as? String == "completed")
        for form in ["", "&format=png&view=figure", "&format=npy&array=occluded", "&arrays=nested"] {
            let expected = try service.ask(Self.sweep + form, body: try TestService.chelsea())
            let result = try service.get(address + "/result?" + form.dropFirst())
            #expect(result.status == .ok)
            #expect(result.body == expected.body)
            #expect(result.fields[.eTag] == expected.fields[.eTag])
            #expect(result.fields[.contentType] == expected.fields[.contentType])
        }
        let tag = try #require(try service.get(address + "/result").fields[.eTag])
        #expect(try service.get(address + "/result", [.ifNoneMatch: tag]).status == .notModified)
    }

    @Test func tellsWhatAJobWillCost() throws {
        let service = try service()
        let answer = try service.ask(Self.sweep, fields: [.prefer: "respond-async"], body: try TestService.chelsea())
        let estimate = try #require(try TestService.object(answer)["estimate"] as? [String: Any])
        #expect(estimate["forward_passes"] as? Int == 6)
        #expect((estimate["seconds"] as? Double ?? 0) > 0)
        #expect((estimate["bytes"] as? Int ?? 0) > 1_000_000)
    }

    @Test func aSweepOverTheLimitBecomesAJobByItself() throws {
        let service = try service(limits: EngineLimits(maximumMultiplyAdds: 1e9))
        let answer = try service.ask(Self.sweep, body: try TestService.chelsea())
        #expect(answer.status == .accepted)
        #expect(answer.fields[.preferenceApplied] == nil)
        let digest = try service.post(try TestService.chelsea())
        #expect(try service.get("/occlusion?image=\(digest)&patch=100&stride=100").status == .accepted)
        let head = try service.ask("/occlusion?image=\(digest)&patch=100&stride=100", method: .head, type: nil)
        #expect(head.status == .unprocessableContent)
        let without = try TestService(limits: EngineLimits(maximumMultiplyAdds: 1e9))
        #expect(try without.ask(Self.sweep, body: try TestService.chelsea()).status == .unprocessableContent)
    }

    @Test func whereNoJobsAreKeptThePreferenceIsPassedOver() throws {
        let service = try TestService()
        let answer = try service.ask("/predict", fields: [.prefer: "respond-async"], body: try TestService.chelsea())
        #expect(answer.status == .ok)
        #expect(try service.get("/jobs").status == .notFound)
    }

    @Test func theSameRequestIsTheSameJob() throws {
        let service = try service()
        let first = try submit(service)
        #expect(try submit(service, "/occlusion?stride=100&patch=100&format=png&view=heatmap") == first)
        #expect(try submit(service, "/occlusion?patch=100&stride=90") != first)
        let keyed = try submit(service, "/predict", fields: [.idempotencyKey: "\"a\""])
        #expect(try submit(service, "/predict", fields: [.idempotencyKey: "a"]) == keyed)
        let other = try service.ask(
            "/predict?top=3", fields: [.prefer: "respond-async", .idempotencyKey: "a"],
            body: try TestService.chelsea())
        #expect(other.status == .unprocessableContent)
        let long = String(repeating: "k", count: 256)
        let refused = try service.ask(
            "/predict", fields: [.prefer: "respond-async", .idempotencyKey: long], body: try TestService.chelsea())
        #expect(refused.status == .badRequest)
    }

    @Test func aKeyIsRightOrWrongWhetherAJobComesOfItOrNot() throws {
        let service = try TestService(jobs: JobLimits())
        for key in ["", "\"\"", String(repeating: "k", count: 256)] {
            let answer = try service.ask("/predict", fields: [.idempotencyKey: key], body: try TestService.chelsea())
            #expect(answer.status == .badRequest)
            #expect(try TestService.detail(answer).contains("Idempotency-Key"))
        }
        let answer = try service.ask("/predict", fields: [.idempotencyKey: "k"], body: try TestService.chelsea())
        #expect(answer.status == .ok)
    }

    @Test func isCancelledOnceAndForAll() throws {
        let service = try service()
        let address = try submit(service)
        for _ in 0..<2 {
            let answer = try service.ask(address, method: .delete, type: nil)
            #expect(answer.status == .ok)
            #expect(try TestService.object(answer)["state"] as? String == "cancelled")
        }
        try service.workUntilIdle()
        let result = try service.get(address + "/result")
        #expect(result.status == .conflict)
        #expect(try TestService.detail(result).contains("cancelled"))
        #expect(try service.ask("/jobs/0", method: .delete, type: nil).status == .notFound)
        #expect(try service.get("/jobs/" + String(repeating: "0", count: 32)).status == .notFound)
    }

    @Test func areListedInPages() throws {
        let service = try service()
        var addresses: [String] = []
        for top in 1...5 { addresses.append(try submit(service, "/predict?top=\(top)")) }
        _ = try service.ask(addresses[1], method: .delete, type: nil)
        func page(_ target: String) throws -> (addresses: [String], next: String?) {
            let object = try TestService.object(try service.get(target))
            let jobs = try #require(object["jobs"] as? [[String: Any]])
            let links = jobs.compactMap { ($0["links"] as? [String: String])?["self"] }
            return (links, object["next"] as? String)
        }
        let first = try page("/jobs?limit=2&state=available,completed&kind=predict")
        #expect(first.addresses == [addresses[4], addresses[3]])
        let second = try page(try #require(first.next))
        #expect(second.addresses == [addresses[2], addresses[0]])
        #expect(second.next == nil)
        #expect(try page("/jobs?state=cancelled").addresses == [addresses[1]])
        #expect(try page("/jobs?created_before=2027-01-01T00:00:00Z").addresses == [])
        #expect(try page("/jobs?created_from=2027-01-15T08:00:00.002Z").addresses.count < 6)
    }

    @Test(arguments: [
        "state=done", "kind=x", "created_from=yesterday", "cursor=1", "limit=0", "limit=501", "limit=1&limit=2", "x=1",
        "state=",
    ])
    func refusesWrongParametersByName(_ query: String) throws {
        let answer = try service().get("/jobs?" + query)
        #expect(answer.status == .badRequest)
        #expect(try TestService.object(answer)["option"] as? String == query.prefix { $0 != "=" }.description)
    }

    @Test func refusesOptionsThatAreNotOfTheForm() throws {
        let service = try service()
        let address = try submit(service)
        try service.workUntilIdle()
        for query in ["patch=3", "layer=fire9", "format=gif", "view=nothing&format=png"] {
            #expect(try service.get(address + "/result?" + query).status == .badRequest, "\(query)")
        }
    }

    @Test func aClientHasSoManyJobsAtOnce() throws {
        let service = try service(jobs: JobLimits(maximumPerClient: 1))
        _ = try submit(service)
        let answer = try service.ask("/predict", fields: [.prefer: "respond-async"], body: try TestService.chelsea())
        #expect(answer.status == .tooManyRequests)
    }

    @Test func timesAreWrittenAndReadAlike() {
        let time = WallTime(milliseconds: 1_800_000_000_123)
        #expect(Timestamp.text(time) == "2027-01-15T08:00:00.123Z")
        #expect(Timestamp.time("2027-01-15T08:00:00.123Z") == time)
        #expect(Timestamp.time("2027-01-15T08:00:00Z") == WallTime(milliseconds: 1_800_000_000_000))
        #expect(Timestamp.time("tomorrow") == nil)
    }
}

extension TestService {
    /// Has a sweep of the cat done as a job.
    func completeJob() throws {
        let answer = try ask(
            "/occlusion?patch=100&stride=100", fields: [.prefer: "respond-async"], body: try TestService.chelsea())
        guard answer.status == .accepted else { throw TestFailure("no job: \(answer.status)") }
        try workUntilIdle()
    }
}
