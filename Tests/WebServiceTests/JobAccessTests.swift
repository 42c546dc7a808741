import HTTP
import HTTPTypes
import Jobs
import Switchback
import Testing

@testable import WebService

/// A client sees and cancels its own jobs; one that may manage, everybody's.
struct JobAccessTests {
    private let file: TemporaryFile
    private let service: TestService

    init() throws {
        file = try TemporaryFile(
            "ann read ann-0123456789abc\nbob read bob-0123456789abc\nkeeper read,manage keeper-0123456789\n")
        var configuration = AccessConfiguration()
        configuration.tokenFile = file.path
        service = try TestService(access: try AccessControl(configuration), jobs: JobLimits())
    }

    private func ask(
        _ target: String, as token: String, method: HTTPRequest.Method = .get
    ) throws -> Response {
        let isPost = method == .post
        return try service.ask(
            target, method: method, type: isPost ? "image/png" : nil,
            fields: [.authorization: "Bearer " + token, .prefer: "respond-async"],
            body: isPost ? try TestService.chelsea() : [])
    }

    private func listed(as token: String) throws -> Int {
        (try TestService.object(try ask("/jobs", as: token))["jobs"] as? [Any] ?? []).count
    }

    @Test func jobsAreTheirOwners() throws {
        let ann = try #require(try ask("/predict", as: "ann-0123456789abc", method: .post).fields[.location])
        let bob = try #require(try ask("/predict", as: "bob-0123456789abc", method: .post).fields[.location])
        // One client's request is not another's job.
        #expect(ann != bob)
        #expect(try listed(as: "ann-0123456789abc") == 1)
        #expect(try listed(as: "keeper-0123456789") == 2)
        #expect(try ask(ann, as: "ann-0123456789abc").status == .ok)
        for address in [ann, ann + "/result", ann + "/events"] {
            #expect(try ask(address, as: "bob-0123456789abc").status == .notFound)
        }
        #expect(try ask(ann, as: "bob-0123456789abc", method: .delete).status == .notFound)
        #expect(try ask(ann, as: "ann-0123456789abc", method: .delete).status == .ok)
        #expect(try ask(bob, as: "keeper-0123456789", method: .delete).status == .ok)
    }

    @Test func moreUrgentJobsGoFirstAndOnlyWhoMayManageGetsAhead() throws {
        func submit(_ target: String, as token: String, _ priority: String) throws -> String {
            let answer = try service.ask(
                target, fields: [.authorization: "Bearer " + token, .prefer: "respond-async; priority=" + priority],
                body: try TestService.chelsea())
            return try #require(answer.fields[.location]?.split(separator: "/").last.map(String.init))
        }
        let ann = "ann-0123456789abc"
        let low = try submit("/predict?top=1", as: ann, "low")
        let normal = try submit("/predict?top=2", as: ann, "normal")
        let refused = try submit("/predict?top=3", as: ann, "high")
        let high = try submit("/predict?top=4", as: "keeper-0123456789", "high")
        let worker = try #require(service.worker)
        let order = (0..<4).compactMap { _ in worker.runOnce().job?.text }
        #expect(order == [high, normal, refused, low])
    }

    @Test func nobodyNeedsManageForTheirOwn() throws {
        func requirement(_ method: HTTPRequest.Method, _ target: String) throws -> AccessRequirement {
            AccessRequirement(try Request(method: method, target: target).head, metricsAreOpen: false)
        }
        #expect(try requirement(.delete, "/jobs/0") == .scope(.read))
        #expect(try requirement(.delete, "/images/0") == .scope(.manage))
        #expect(try requirement(.get, "/jobs") == .scope(.read))
    }
}
