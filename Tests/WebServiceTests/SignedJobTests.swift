import Concurrency
import Foundation
import HTTP
import Switchback
import Testing

@testable import WebService

/// A signed link shows its picture and starts no job, however it is asked.
struct SignedJobTests {
    private let sets: TestDatasets
    private let guarded: GuardedService
    private let bearer = ["Authorization: Bearer \(AccessControlTests.keeper)"]
    private let preference = ["Prefer: respond-async"]

    init() throws {
        sets = try TestDatasets()
        guarded = try GuardedService(
            limits: EngineLimits(maximumMultiplyAdds: 1e9), jobs: JobLimits(), datasets: try sets.catalog())
    }

    /// The digest of the photo, posted.
    private func post(_ client: HTTPClient) throws -> String {
        let answer = try client.send(
            "POST", "/images", type: "image/png", fields: bearer, body: try TestService.chelsea())
        return String(try #require(answer.field("location")).dropFirst("/images/".count))
    }

    private func signed(_ target: String) throws -> String {
        guarded.access.signed(try RequestTarget(target), for: .seconds(60)).link
    }

    /// How many jobs there are, whosever they are.
    private func jobs(_ client: HTTPClient) throws -> Int {
        let answer = try client.send("GET", "/jobs", fields: bearer)
        let object = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
        return try #require(object?["jobs"] as? [Any]).count
    }

    @Test func aPreferenceForAJobIsNotHeard() throws {
        try withRunningService(guarded.service) { client in
            let target = "/predict?image=\(try post(client))&format=png"
            let shown = try client.send("GET", try signed(target), fields: preference)
            #expect(shown.status == 200 && shown.field("content-type") == "image/png")
            #expect(shown.field("preference-applied") == nil)
            #expect(try jobs(client) == 0)
            #expect(try client.send("GET", target, fields: bearer + preference).status == 202)
        }
    }

    @Test func aSweepOverTheLimitIsRefused() throws {
        try withRunningService(guarded.service) { client in
            let target = "/occlusion?image=\(try post(client))&patch=100&stride=100&format=png"
            for fields in [[], preference] {
                let refused = try client.send("GET", try signed(target), fields: fields)
                #expect(refused.status == 422 && refused.text.contains("over the limit"), "\(refused.text)")
            }
            #expect(try jobs(client) == 0)
            #expect(try client.send("GET", target, fields: bearer).status == 202)
        }
    }

    @Test func aDataSetIsNotGoneThrough() throws {
        try withRunningService(guarded.service) { client in
            for target in [
                "/ablation?dataset=photos&layer=fire9&feature_map=426",
                "/ablation?d%61taset=photos&layer=fire9&feature_map=426",
            ] {
                let refused = try client.send("GET", try signed(target))
                #expect(refused.status == 403 && refused.text.contains("explanations of an image"), "\(refused.text)")
                #expect(try jobs(client) == 0)
            }
            let target = "/ablation?dataset=photos&layer=fire9&feature_map=426"
            #expect(try client.send("GET", target, fields: bearer).status == 202)
        }
    }
}
