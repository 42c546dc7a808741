import HTTP
import HTTPTypes
import Switchback
import Tensors
import Testing
import TestSupport

/// Wrong requests: each a problem that names the fault and what is allowed.
struct ProblemTests {
    private static let service = Result { try TestService() }

    private func service() throws -> TestService { try Self.service.get() }

    private func zfnet(_ target: String) throws -> Response {
        let body = try Fixtures.bytes("reference/cases/zfnet/input.npy")
        return try service().ask(target, type: "application/x-npy", body: body)
    }

    @Test(arguments: [
        ("/deconv?model=zfnet&layer=conv9", 400, "layer", "conv5"),
        ("/deconv?model=zfnet&layer=conv5&feature_map=12", 400, "feature_map", "0 … 11"),
        ("/deconv?model=zfnet&layer=conv5&unit=99,0", 400, "unit", "y is 0"),
        ("/deconv?model=zfnet&layer=conv5&overlap=min", 400, "overlap", "sum, max, last"),
        ("/deconv?model=zfnet&depth=3", 400, "depth", "layer"),
        ("/deconv?model=zfnet&layer=conv5&layer=conv4", 400, "layer", "once"),
        ("/occlusion?model=zfnet&target=10", 400, "target", "0 … 9"),
        ("/occlusion?model=zfnet&patch=0", 400, "patch", "from 1"),
        ("/occlusion?model=zfnet&fill=1,2", 400, "fill", "3"),
        ("/predict?model=zfnet&top=11", 400, "top", "10"),
        ("/predict?model=nosuch", 404, "model", "zfnet"),
    ])
    func namesTheOptionAndWhatIsAllowed(target: String, status: Int, option: String, words: String) throws {
        let answer = try zfnet(target)
        #expect(answer.status.code == status)
        let problem = try TestService.object(answer)
        #expect(problem["option"] as? String == option)
        #expect(problem["status"] as? Int == status)
        #expect(problem["request_id"] as? String == "test-1")
        let detail = try TestService.detail(answer)
        #expect(detail.contains(words), "\(detail)")
    }

    @Test func refusesPicturesForAModelWithoutPreprocessing() throws {
        let answer = try service().ask("/predict?model=zfnet", body: TestService.chelsea())
        #expect(answer.status.code == 415)
        #expect(try TestService.detail(answer).contains("application/x-npy"))
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func refusesArraysThatAreNotFinite(value: Float) throws {
        var input = try NPY.decode(try Fixtures.bytes("reference/cases/ties/input.npy"))
        input[flat: 77] = value
        let answer = try service().ask(
            "/predict?model=ties", type: "application/x-npy", body: NPY.encode(input))
        #expect(answer.status.code == 400)
        #expect(try TestService.detail(answer).contains("finite"))
    }

    @Test func refusesArraysOfAnotherShape() throws {
        let answer = try service().ask(
            "/predict?model=zfnet", type: "application/x-npy", body: NPY.encode(Tensor(shape: [3, 8, 8])))
        #expect(answer.status.code == 400)
        #expect(try TestService.detail(answer).contains("[3, 111, 143]"))
    }

    @Test func refusesASweepOverTheLimitWithItsEstimate() throws {
        let answer = try service().ask("/occlusion?patch=64&stride=1", body: TestService.chelsea())
        #expect(answer.status.code == 422)
        let estimate = try TestService.object(answer)["estimate"] as? [String: Any]
        #expect((estimate?["forward_passes"] as? Int ?? 0) >= 51_529)
        #expect((estimate?["multiply_adds"] as? Int ?? 0) > 4_000_000_000_000)
    }

    @Test func refusesAnswersThatTakeTooMuchMemory() throws {
        let small = try TestService(limits: EngineLimits(maximumExplanationBytes: 128 << 20))
        let sha256 = try small.post(TestService.chelsea())
        let target = "/deconv?image=\(sha256)&layer=fire9&feature_map=top:20"
        // Three million numbers, as they are and as text: 12 MB each, and as much as 100 MB in lists.
        #expect(try small.get(target).status == .ok)
        for method in [HTTPRequest.Method.get, .head] {
            let answer = try small.ask("\(target)&arrays=nested", method: method, type: nil)
            #expect(answer.status.code == 422)
        }
        let answer = try small.get("\(target)&arrays=nested")
        let detail = try TestService.detail(answer)
        #expect(detail.contains("over the limit of 134 MB for one request"), "\(detail)")
        #expect(detail.hasSuffix("numbers take least as format=npy"))
        let estimate = try TestService.object(answer)["estimate"] as? [String: Any]
        #expect((estimate?["bytes"] as? Int ?? 0) > 128 << 20)
        #expect(small.computed == 1)
    }

    @Test func refusesImagesOverTheLimitOfPixels() throws {
        let small = try TestService(limits: EngineLimits(maximumImagePixels: 1000))
        let answer = try small.ask("/predict", body: TestService.chelsea())
        #expect(answer.status.code == 413)
        #expect(try TestService.detail(answer).contains("1000"))
    }

    @Test func refusesPicturesOverTheLimitOfPixels() throws {
        let small = try TestService(limits: EngineLimits(maximumPicturePixels: 200_000))
        #expect(try small.ask("/predict?format=png&width=200", body: TestService.chelsea()).status == .ok)
        for (target, words) in [
            ("/predict?format=png&top=40&width=1000", "take a smaller 'width' or a smaller 'top'"),
            ("/activations?format=png&width=1000", "take a smaller 'width' or fewer maps in 'feature_map'"),
            ("/occlusion?format=png&stride=64&view=heatmap&background=none&width=1000", "take a smaller 'width'"),
        ] {
            let answer = try small.ask(target, body: TestService.chelsea())
            #expect(answer.status.code == 422 && answer.fields[.contentType] == "application/problem+json")
            let detail = try TestService.detail(answer)
            #expect(detail.contains(#/1000 × [0-9]+ pixels \(.+\), over the limit of 200 k: /#), "\(detail)")
            #expect(detail.hasSuffix(words), "\(detail)")
            #expect(try TestService.object(answer)["option"] as? String == "width")
        }
    }

    @Test func answersOtherMethodsWithThoseAllowed() throws {
        let answer = try service().ask("/deconv", method: .put)
        #expect(answer.status.code == 405)
        #expect(answer.fields[.allow]?.contains("POST") == true)
    }

    @Test func answersUnknownPathsWithThoseThereAre() throws {
        let answer = try service().ask("/deconvolve")
        #expect(answer.status.code == 404)
        #expect(try TestService.detail(answer).contains("/deconv"))
    }

    @Test func refusesWhenNoFormIsAcceptable() throws {
        let answer = try service().ask("/predict", accept: "text/html", body: TestService.chelsea())
        #expect(answer.status.code == 406)
        #expect(try TestService.detail(answer).contains("image/png"))
    }
}
