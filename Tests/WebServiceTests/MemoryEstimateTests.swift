import HTTP
import HTTPTypes
import TestSupport
import Testing
import WebService

@testable import Switchback

/// The memory that an explanation is estimated to take, by the form of its answer.
struct MemoryEstimateTests {
    private static let ample = Result { try TestService() }
    private static let scarce = Result { try TestService(limits: EngineLimits(maximumExplanationBytes: 1)) }

    private func answer(_ target: String, of service: Result<TestService, any Error>) throws -> Response {
        try service.get().ask(target, body: TestService.chelsea())
    }

    /// What is estimated for the target: the limit of one byte refuses whatever is asked, and says it.
    private func estimate(_ target: String) throws -> Int {
        let answer = try answer(target, of: Self.scarce)
        #expect(answer.status.code == 422)
        let estimate = try TestService.object(answer)["estimate"] as? [String: Any]
        guard let bytes = estimate?["bytes"] as? Int else { throw TestFailure("no estimate") }
        return bytes
    }

    @Test(arguments: [
        "/predict?top=1000", "/activations?layer=fire9", "/activations?layer=pool1&feature_map=top:9",
        "/deconv?layer=fire9&feature_map=top:20", "/occlusion?stride=32", "/occlusion?stride=64&target=all",
        "/ablation?layer=fire9",
    ])
    func coversTheAnswerAsItIsWritten(target: String) throws {
        let picture = try estimate("\(target)&format=png")
        for form in ["format=npy", "arrays=base64", "arrays=nested"] {
            let written = try answer("\(target)&\(form)", of: Self.ample)
            #expect(written.status == .ok)
            let gzip = Gzip.compress(written.body, level: 1)
            // Names, numbers and the shapes of arrays are small beside them, and all of a small answer.
            let least = written.body.count + (form == "format=npy" ? 0 : gzip.count) - (64 << 10)
            #expect(try estimate("\(target)&\(form)") - picture >= least, "\(form)")
        }
    }

    @Test func coversTheNamesOfImagesWhoseAnswerChanges() throws {
        let pixels = try TestService.chelsea()
        let digest = ImageInput.encoded(pixels).sha256
        let names = ["n", "\"", "\\", "\u{1}", "\n", "ü"].map { String(repeating: $0, count: 5000) }
        let images = names.map { DatasetImage(name: $0, sha256: digest, label: "tabby") }
        let set = OpenDataset(Dataset(name: "set", images: images)) { _ in pixels }
        let engine = try Self.ample.get().engine
        let options = ["dataset": "set", "layer": "fire9", "feature_map": "426,1+2"]
        let request = try ExplanationRequest(
            .ablation, options: options.map { GivenOption(name: $0.key, value: $0.value) })
        let answer = try engine.answer(try engine.resolve(request), over: set)
        guard case .accuracy(let accuracy) = answer.content else { throw TestFailure("no accuracy") }
        #expect(accuracy.layerRemoved.flips.count == names.count)
        let text = AnswerDocument(answer, arrays: .base64).json.encoded()
        // Names, numbers and intervals are small beside them.
        #expect(accuracy.listedBytes >= text.count - 2048)
    }

    @Test func growsWithTheFormOfTheNumbers() throws {
        let target = "/deconv?layer=fire9&feature_map=top:5"
        let sizes = try ["format=png", "format=npy", "arrays=base64", "arrays=nested"].map {
            try estimate("\(target)&\($0)")
        }
        #expect(sizes == sizes.sorted() && Set(sizes).count == 4)
    }
}
