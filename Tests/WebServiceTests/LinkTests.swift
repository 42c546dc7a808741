import Foundation
import HTTP
import HTTPTypes
import Switchback
import Testing

/// Explanations by GET: an address that shows what its sender saw, and costs nothing to ask again.
struct LinkTests {
    private let service: TestService
    private let sha256: String

    init() throws {
        service = try TestService()
        sha256 = try service.post(TestService.chelsea())
    }

    private static let requests = [
        "predict?", "predict?format=png&width=300", "predict?format=npy&array=logits",
        "activations?layer=fire9&feature_map=top:2&format=png", "deconv?layer=fire9&format=png&view=overlay",
        "occlusion?patch=64&stride=64&format=png&view=heatmap&background=none&width=200",
        "occlusion?patch=64&stride=64", "ablation?feature_map=1%2B2,3&format=npy",
    ]

    @Test(arguments: requests) func giveTheSameBytesAsPosts(request: String) throws {
        let posted = try service.ask("/\(request)", body: TestService.chelsea())
        #expect(posted.status == .ok)
        let got = try service.get("/\(request)&image=\(sha256)")
        #expect(got.status == .ok && got.body == posted.body)
        #expect(got.fields[.contentType] == posted.fields[.contentType])
        #expect(got.fields[.eTag] == posted.fields[.eTag] && got.fields[.eTag] != nil)
        #expect(got.fields[.vary] == "Accept, Accept-Encoding")
        #expect(got.fields[.cacheControl] == "public, max-age=60, must-revalidate")
    }

    @Test(arguments: requests) func costNothingToAskAgain(request: String) throws {
        let target = "/\(request)&image=\(sha256)"
        let tag = try #require(try service.get(target).fields[.eTag])
        #expect(service.computed == 1)
        for method in [HTTPRequest.Method.get, .head] {
            let known = try service.ask(target, method: method, type: nil, fields: [.ifNoneMatch: "\"x\", \(tag)"])
            #expect(known.status == .notModified && known.body == [])
            #expect(known.fields[.eTag] == tag)
            #expect(known.fields[.vary] == "Accept, Accept-Encoding")
            #expect(known.fields[.cacheControl] == "public, max-age=60, must-revalidate")
        }
        let posted = try service.ask("/\(request)", fields: [.ifNoneMatch: tag], body: TestService.chelsea())
        #expect(posted.status == .preconditionFailed)
        #expect(try service.get(target, [.ifMatch: "\"x\""]).status == .preconditionFailed)
        #expect(service.computed == 1)
        #expect(try service.get(target, [.ifMatch: tag]).status == .ok)
        #expect(service.computed == 2)
    }

    @Test(arguments: requests) func headCostsNoComputation(request: String) throws {
        let target = "/\(request)&image=\(sha256)"
        let head = try service.ask(target, method: .head, type: nil)
        #expect(head.status == .ok && head.leavesLengthOut && service.computed == 0)
        let got = try service.get(target)
        for name in [HTTPField.Name.eTag, .contentType, .cacheControl, .vary] {
            #expect(head.fields[name] == got.fields[name])
        }
    }

    @Test(arguments: ["deconv?feature_map=9999", "occlusion?patch=64&stride=1", "predict?model=zfnet"])
    func headFindsTheSameFaults(request: String) throws {
        let target = "/\(request)&image=\(sha256)"
        let (head, got) = try (service.ask(target, method: .head, type: nil), service.get(target))
        #expect(head.status == got.status && head.status.code >= 400)
    }

    @Test func anyTagAtAllIsAskedOfTheAnswer() throws {
        #expect(try service.get("/predict?image=\(sha256)", [.ifNoneMatch: "*"]).status == .notModified)
        #expect(try service.get("/predict?image=\(sha256)&top=5000", [.ifNoneMatch: "*"]).status == .badRequest)
    }

    @Test func tagsDifferWhereBytesMay() throws {
        let targets = [
            "predict?", "predict?top=4", "predict?arrays=nested", "predict?format=png", "predict?format=png&width=300",
            "predict?format=npy", "predict?format=npy&array=logits", "predict?format=npy&array=input",
            "activations?format=npy&feature_map=1", "activations?format=npy&feature_map=2",
        ]
        var tags = try targets.map { try service.get("/\($0)&image=\(sha256)").fields[.eTag] }
        tags.append(try service.get("/predict?image=\(sha256)", [.acceptEncoding: "gzip"]).fields[.eTag])
        let other = try service.post(Array(TestService.chelsea() + [0]))
        tags.append(try service.get("/predict?image=\(other)").fields[.eTag])
        // Sent and not kept: the answer has no links.
        tags.append(try TestService().ask("/predict", body: TestService.chelsea()).fields[.eTag])
        #expect(!tags.contains(nil) && Set(tags).count == tags.count)
    }

    @Test func tagsAreTheSameForEverySpelling() throws {
        let spellings = [
            "/deconv?image=\(sha256)", "/deconv?layer=fire9&image=\(sha256)",
            "/deconv?unit=strongest&image=\(sha256)&model=squeezenet1.1&format=json",
        ]
        let answers = try spellings.map { try service.get($0) }
        #expect(Set(answers.map { $0.fields[.eTag] }).count == 1)
        #expect(Set(answers.map(\.body)).count == 1)
    }

    @Test(arguments: [
        "/deconv?layer=fire5&feature_map=top:2", "/occlusion?patch=64&stride=64&target=Egyptian%20cat&fill=1,2.5,3",
        "/ablation?feature_map=1%2B2,3&layer=fire9", "/predict?top=3&arrays=nested", "/activations?layer=conv10",
    ])
    func leadToThemselves(target: String) throws {
        let answer = try service.get("\(target)&image=\(sha256)")
        let links = try TestService.object(answer)["links"] as? [String: String]
        let link = try #require(links?["self"])
        #expect(link.hasPrefix("\(target.prefix { $0 != "?" })?image=\(sha256)&model=squeezenet1.1&format=json"))
        #expect(links?["image"] == "/images/\(sha256)")
        let followed = try service.get(link)
        #expect(followed.body == answer.body && followed.fields[.eTag] == answer.fields[.eTag])
    }

    @Test func standInAnswersAboutStoredImagesAlone() throws {
        let other = try TestService().ask("/predict", body: TestService.chelsea())
        #expect(try TestService.object(other)["links"] == nil)
    }

    @Test func takeTheDigestInPostsToo() throws {
        let expected = try service.get("/predict?top=3&image=\(sha256)").body
        let form = "--b\r\nContent-Disposition: form-data; name=\"image\"\r\n\r\n\(sha256)\r\n--b--\r\n"
        for (target, type, body) in [
            ("/predict?top=3&image=\(sha256)", nil, ""),
            ("/predict", "application/json", #"{"image": "\#(sha256)", "top": 3}"#),
            ("/predict?top=3", "multipart/form-data; boundary=b", form),
            ("/predict?image=\(sha256)", "application/json", #"{"top": 3}"#),
        ] as [(String, String?, String)] {
            let answer = try service.ask(target, type: type, body: [UInt8](body.utf8))
            #expect(answer.status == .ok && answer.body == expected, "\(target) \(type ?? "")")
        }
    }

    @Test(arguments: [
        ("/predict", 400, "?image="), ("/predict?image=", 400, "64 hexadecimal"), ("/predict?image=xyz", 400, "xyz"),
        ("/predict?image=\(String(repeating: "a", count: 64))", 404, "POST the image to /images"),
        ("/predict?image=@&image=@", 400, "more than once"), ("/predict?image=@&layer=1", 400, "'layer'"),
        ("/predict?image=@&format=gif", 400, "json, png, npy"),
    ])
    func sayWhatIsWrongWithThem(target: String, status: Int, words: String) throws {
        let answer = try service.get(target.replacing("@", with: sha256))
        #expect(answer.status.code == status)
        #expect(try TestService.detail(answer).contains(words))
    }

    @Test func refuseAnImageGivenTwice() throws {
        let answer = try service.ask("/predict?image=\(sha256)", body: TestService.chelsea())
        #expect(answer.status == .badRequest)
        #expect(try TestService.object(answer)["option"] as? String == "image")
    }

    @Test func giveRangesOfPicturesAndArrays() throws {
        for format in ["png", "npy"] {
            let target = "/predict?image=\(sha256)&format=\(format)"
            let whole = try service.get(target)
            #expect(whole.fields[.acceptRanges] == "bytes")
            let part = try service.get(target, [.range: "bytes=-10", .ifRange: whole.fields[.eTag] ?? ""])
            #expect(part.status == .partialContent && part.body == whole.body.suffix(10))
        }
    }
}
