import Foundation
import HTTP
import HTTPTypes
import Switchback
import Testing

@testable import WebService

/// Data sets over HTTP, and ablation over them.
struct DatasetRouteTests {
    private static let question = "/ablation?dataset=photos&layer=fire9&feature_map=426,3%2B5"
    private let sets: TestDatasets
    private let catalog: DatasetCatalog

    init() throws {
        sets = try TestDatasets()
        catalog = try sets.catalog()
    }

    private func service() throws -> TestService { try TestService(jobs: JobLimits(), datasets: catalog) }

    @Test func tellsWhichThereAre() throws {
        let list = try TestService.object(try service().get("/datasets"))
        let sets = try #require(list["datasets"] as? [[String: Any]])
        #expect(sets.count == 1 && sets[0]["name"] as? String == "photos")
        #expect(sets[0]["images"] as? Int == 2 && sets[0]["broken"] as? Int == 1)
        let one = try TestService.object(try service().get("/datasets/photos"))
        #expect(one["sha256"] as? String == (try catalog.dataset(named: "photos")).dataset.digest)
        let broken = try #require(one["broken"] as? [[String: String]])
        #expect(broken.map { $0["name"] } == ["broken.png"] && broken[0]["reason"]?.isEmpty == false)
        #expect((one["labels"] as? [[String: Any]])?.map { $0["label"] as? String } == ["281 285", "espresso"])
        let missing = try service().get("/datasets/others")
        #expect(missing.status == .notFound)
        #expect(try TestService.detail(missing).contains("there are photos"))
    }

    @Test(arguments: [HTTPRequest.Method.post, .get])
    func ablationOverASetIsAJobAndAnswersWhatTheEngineAnswers(method: HTTPRequest.Method) throws {
        let service = try service()
        let promise = try service.ask(Self.question, method: method, type: nil)
        #expect(promise.status == .accepted)
        let address = try #require(promise.fields[.location])
        let job = try TestService.object(promise)
        #expect(job["kind"] as? String == "ablation" && job["image"] is NSNull)
        #expect((job["dataset"] as? [String: String])?["name"] == "photos")
        let before = try service.get(address + "/partial")
        #expect(before.status == .ok && before.fields[.progress] == "0/1")
        try service.workUntilIdle()
        let result = try service.get(address + "/result")
        #expect(result.status == .ok)
        let request = try service.engine.resolve(
            ExplanationRequest(
                .ablation,
                options: [("dataset", "photos"), ("layer", "fire9"), ("feature_map", "426,3+5")].map {
                    GivenOption(name: $0, value: $1)
                }))
        let answer = try service.engine.answer(request, over: catalog.dataset(named: "photos"))
        #expect(result.body == AnswerDocument(answer, arrays: .base64).json.encoded())
        #expect(try service.get(address + "/result?format=npy").body == answer.array(named: "delta_top1"))
        #expect(try service.get(address + "/result?format=png").body.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        #expect(try service.ask(Self.question, type: nil).fields[.location] == address)
    }

    @Test func theImagesThatExciteAMapMostAreAJobToo() throws {
        let service = try service()
        let promise = try service.ask("/top-images?dataset=photos&layer=fire5&feature_map=7,30", type: nil)
        #expect(promise.status == .accepted)
        let address = try #require(promise.fields[.location])
        let before = try TestService.object(try service.get(address + "/partial"))
        #expect(before["images"] as? Int == 0)
        try service.workUntilIdle()
        let result = try service.get(address + "/result?arrays=nested")
        #expect(result.status == .ok)
        let maps = try #require(try TestService.object(result)["maps"] as? [[String: Any]])
        #expect(maps.map { $0["feature_map"] as? Int } == [7, 30])
        let images = try #require(maps[0]["top_images"] as? [[String: Any]])
        #expect(Set(images.compactMap { $0["image"] as? String }).isSubset(of: ["chelsea.png", "coffee.png"]))
        #expect(!images.isEmpty)
        #expect(try service.get(address + "/result?format=png").body.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        #expect(try service.get(address + "/result?format=npy").body.count == 128 + 4 * 2 * 9 * 3 * 227 * 227)
    }

    @Test(arguments: [HTTPRequest.Method.post, .get])
    func theImagesThatExciteAMapMostAreOfADataSet(method: HTTPRequest.Method) throws {
        let answer = try service().ask("/top-images?layer=fire5", method: method, type: nil)
        #expect(answer.status == .badRequest)
        #expect(try TestService.detail(answer).contains("option 'dataset'"))
    }

    @Test func takesTheNameFromFormsAndJSON() throws {
        let service = try service()
        let body = [UInt8](#"{"dataset": "photos", "layer": "fire9", "feature_map": 426}"#.utf8)
        #expect(try service.ask("/ablation", type: "application/json", body: body).status == .accepted)
    }

    @Test(arguments: [
        ("/ablation?dataset=others", 404, "there are photos"),
        ("/ablation?dataset=photos&target=281", 400, "label"),
        ("/ablation?dataset=photos&feature_map=top:3", 400, "differs from image to image"),
        ("/ablation?dataset=photos&format=png&view=grid", 400, "ranking"),
        ("/ablation?dataset=photos&model=fer-mini-xception", 400, "'chelsea.png'"),
        ("/occlusion?dataset=photos", 400, "no option 'dataset'"),
    ])
    func saysWhatIsWrong(target: String, status: Int, words: String) throws {
        let answer = try service().ask(target, type: nil)
        #expect(answer.status.code == status, "\(String(decoding: answer.body, as: UTF8.self))")
        #expect(try TestService.detail(answer).contains(words))
    }

    @Test func takesEitherAnImageOrASet() throws {
        let answer = try service().ask(Self.question, body: try TestService.chelsea())
        #expect(answer.status == .badRequest)
        #expect(try TestService.detail(answer).contains("both are given"))
    }

    @Test func needsAPlaceForJobs() throws {
        let answer = try TestService(datasets: catalog).ask(Self.question, type: nil)
        #expect(answer.status == .unprocessableContent)
        #expect(try TestService.detail(answer).contains("as a job"))
    }
}
