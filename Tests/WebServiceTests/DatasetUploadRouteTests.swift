import Foundation
import HTTP
import HTTPTypes
import TestSupport
import Testing

@testable import Switchback
@testable import WebService

/// `PUT`, `POST` and `DELETE` of data sets.
struct DatasetUploadRouteTests {
    private let service: TestService
    private let archive: [UInt8]

    init() throws {
        service = try TestService(jobs: JobLimits(), datasets: try TestDatasets.uploads())
        archive = try Fixtures.bytes("data-sets/photos.tar")
    }

    private func put(_ name: String = "photos", method: HTTPRequest.Method = .put) throws -> Response {
        try service.ask("/datasets/\(name)", method: method, type: "application/x-tar", body: archive)
    }

    @Test func keepsASetAndRemovesIt() throws {
        let made = try put()
        #expect(made.status == .created && made.fields[.location] == "/datasets/photos")
        #expect(try TestService.object(made)["images"] as? Int == 2)
        #expect(try put().status == .ok)
        #expect(try put(method: .post).status == .ok)
        #expect(try service.get("/datasets/photos").body == made.body)
        #expect(try service.ask("/datasets/photos", method: .delete, type: nil).status == .noContent)
        #expect(try service.get("/datasets/photos").status == .notFound)
    }

    @Test func whatAJobIsAboutStays() throws {
        _ = try put()
        let promise = try service.ask("/ablation?dataset=photos&layer=fire9&feature_map=426", type: nil)
        let address = try #require(promise.fields[.location])
        let refusal = try service.ask("/datasets/photos", method: .delete, type: nil)
        #expect(refusal.status == .conflict)
        #expect(try TestService.detail(refusal).contains(address.dropFirst("/jobs/".count)))
        try service.workUntilIdle()
        #expect(try service.get(address + "/result").status == .ok)
        #expect(try service.ask("/datasets/photos", method: .delete, type: nil).status == .noContent)
        // The answer needs the list, which the job has, and no image.
        #expect(try service.get(address + "/result").status == .ok)
    }

    @Test func jobsOfAnyStateAreAboutASet() throws {
        _ = try put()
        let jobs = try #require(service.jobs)
        let set = try #require(try jobs.datasets.datasets().first)
        #expect(try !jobs.isAsked(about: set))
        _ = try service.ask("/ablation?dataset=photos&layer=fire9&feature_map=426", type: nil)
        #expect(try jobs.isAsked(about: set))
        #expect(try !jobs.isAsked(about: Dataset(name: "photos", images: [])))
        try service.workUntilIdle()
        #expect(try jobs.isAsked(about: set))
        service.prune()
        #expect(try !jobs.isAsked(about: set))
    }

    @Test func saysWhatIsWrongWithABody() throws {
        let cases: [(type: String?, body: [UInt8], status: Int)] = [
            (nil, archive, 415), ("image/png", archive, 415), ("application/x-tar", [], 400),
            ("application/x-tar", Array(archive.prefix(5000)), 400),
            ("application/x-tar", [UInt8](repeating: 65, count: 9999), 400),
        ]
        for (type, body, status) in cases {
            let answer = try service.ask("/datasets/photos", method: .put, type: type, body: body)
            #expect(answer.status.code == status, "\(String(decoding: answer.body, as: UTF8.self))")
        }
        #expect(try put("a%20b").status == .badRequest)
        #expect(try service.get("/datasets").status == .ok)
    }

    @Test func setsOfConfigurationStay() throws {
        let sets = try TestDatasets()
        let service = try TestService(datasets: try DatasetCatalog(directories: [sets.folder.path]))
        for method in [HTTPRequest.Method.put, .delete] {
            let answer = try service.ask(
                "/datasets/photos", method: method, type: "application/x-tar", body: method == .put ? archive : [])
            #expect(answer.status.code >= 400, "\(method)")
        }
        #expect(try service.get("/datasets/photos").status == .ok)
    }

    @Test func onlyWhoMayManageChangesThem() throws {
        let heads: [(HTTPRequest.Method, AccessScope)] = [
            (.put, .manage), (.post, .manage), (.delete, .manage), (.get, .read),
        ]
        for (method, scope) in heads {
            let head = try Request(method: method, target: "/datasets/photos").head
            #expect(AccessRequirement(head, metricsAreOpen: false) == .scope(scope), "\(method)")
        }
    }
}
