import Foundation
import HTTP
import HTTPTypes
import Switchback
import Tensors
import TestSupport
import Testing

/// `/images`: what is posted can be had again, linked and removed.
struct ImageRouteTests {
    private let service: TestService

    init() throws { service = try TestService() }

    @Test func answersWhereThePostedImageIs() throws {
        let bytes = try TestService.chelsea()
        let answer = try service.ask("/images", body: bytes)
        #expect(answer.status == .created)
        let image = try TestService.object(answer)
        let sha256 = try #require(image["sha256"] as? String)
        #expect(sha256 == ImageInput.encoded(bytes).sha256)
        #expect(answer.fields[.location] == "/images/\(sha256)")
        #expect((image["width"] as? Int, image["height"] as? Int) == (451, 300))
        #expect(image["bytes"] as? Int == bytes.count)
        #expect(image["content_type"] as? String == "image/png")
        let links = image["links"] as? [String: String]
        #expect(links?["self"] == "/images/\(sha256)")
        #expect(links?["occlusion"] == "/occlusion?image=\(sha256)")
        #expect(links?.count == 6)
        // Again: it is there already.
        let again = try service.ask("/images", body: bytes)
        #expect(again.status == .ok && again.body == answer.body && again.fields[.location] == answer.fields[.location])
    }

    @Test func takesAnImageHoweverItIsSent() throws {
        let bytes = try TestService.chelsea()
        let form = SubmissionTests.form([], image: bytes)
        let array = NPY.encode(Tensor(shape: [3, 4, 4]))
        for (type, body) in [
            ("application/octet-stream", bytes), ("multipart/form-data; boundary=b", form),
            ("application/json", [UInt8](#"{"image_base64": "\#(Data(bytes).base64EncodedString())"}"#.utf8)),
        ] {
            #expect(try service.post(body, type: type) == ImageInput.encoded(bytes).sha256)
        }
        let sha256 = try service.post(array, type: "application/x-npy")
        let answer = try service.get("/images/\(sha256)")
        #expect(answer.fields[.contentType] == "application/x-npy" && answer.body == array)
    }

    @Test(arguments: [
        ("image/png", "not an image", 415), ("image/png", "", 400), ("text/plain", "x", 415),
        ("application/x-npy", "x", 400), ("application/json", "{}", 400),
        ("application/json", #"{"image": "\#(String(repeating: "0", count: 64))"}"#, 400),
    ])
    func refusesWhatIsNoImage(type: String, body: String, status: Int) throws {
        #expect(try service.ask("/images", type: type, body: [UInt8](body.utf8)).status.code == status)
    }

    @Test func refusesOptions() throws {
        let answer = try service.ask("/images?layer=fire9", body: TestService.chelsea())
        #expect(answer.status == .badRequest)
        #expect(try TestService.object(answer)["option"] as? String == "layer")
    }

    @Test func givesTheBytesForEver() throws {
        let bytes = try TestService.chelsea()
        let sha256 = try service.post(bytes)
        let answer = try service.get("/images/\(sha256)")
        #expect(answer.status == .ok && answer.body == bytes)
        #expect(answer.fields[.contentType] == "image/png")
        #expect(answer.fields[.eTag] == "\"\(sha256)\"")
        #expect(answer.fields[.cacheControl] == "public, max-age=31536000, immutable")
        let known = try service.get("/images/\(sha256)", [.ifNoneMatch: "\"\(sha256)\""])
        #expect(known.status == .notModified && known.body == [])
        #expect(known.fields[.eTag] == answer.fields[.eTag])
        #expect(known.fields[.cacheControl] == answer.fields[.cacheControl])
        #expect(try service.get("/images/\(sha256)", [.ifMatch: "\"other\""]).status == .preconditionFailed)
    }

    @Test func givesRanges() throws {
        let bytes = try TestService.chelsea()
        let target = "/images/\(try service.post(bytes))"
        let part = try service.get(target, [.range: "bytes=100-199"])
        #expect(part.status == .partialContent && part.body == Array(bytes[100..<200]))
        #expect(part.fields[.contentRange] == "bytes 100-199/\(bytes.count)")
        #expect(try service.get(target, [.range: "bytes=\(bytes.count)-"]).status == .rangeNotSatisfiable)
    }

    @Test func forgetsAnImageThatIsDeleted() throws {
        let target = "/images/\(try service.post(TestService.chelsea()))"
        let refused = try service.ask(target, method: .delete, type: nil, fields: [.ifMatch: "\"other\""])
        #expect(refused.status == .preconditionFailed)
        #expect(try service.ask(target, method: .delete, type: nil).status == .noContent)
        #expect(try service.ask(target, method: .delete, type: nil).status == .notFound)
        #expect(try service.get(target).status == .notFound)
    }

    @Test(arguments: ["/images/\(String(repeating: "a", count: 64))", "/images/nosuch", "/images/"])
    func saysHowToPostWhatIsNotThere(target: String) throws {
        let answer = try service.get(target)
        #expect(answer.status == .notFound)
        if target != "/images/" { #expect(try TestService.detail(answer).contains("POST the image to /images")) }
    }

    @Test func hasNoRoomForMoreThanTheQuota() throws {
        let small = try TestService(images: ImageStore(limits: ImageStoreLimits(maximumBytes: 1000)))
        let answer = try small.ask("/images", body: TestService.chelsea())
        #expect(answer.status.code == 507)
        #expect(try TestService.object(answer)["title"] as? String == "Insufficient Storage")
    }

    @Test func linksSurviveARestart() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let before = try TestService(images: ImageStore(directory: path))
        let link = "/deconv?image=\(try before.post(TestService.chelsea()))&layer=fire5"
        let answer = try before.get(link)
        #expect(answer.status == .ok)
        let after = try TestService(images: ImageStore(directory: path))
        let known = try after.get(link, [.ifNoneMatch: answer.fields[.eTag] ?? ""])
        #expect(known.status == .notModified && after.computed == 0)
        #expect(try after.get(link).body == answer.body)
    }
}
