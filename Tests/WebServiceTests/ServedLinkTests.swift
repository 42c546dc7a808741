import Foundation
import HTTP
import HTTPServer
import HTTPTypes
import Testing

/// Links and early refusals through a socket.
struct ServedLinkTests {
    @Test func showAPictureAndCostNothingOnReload() throws {
        let service = try TestService()
        try withRunningService(service) { client in
            let photo = try TestService.chelsea()
            let posted = try client.send("POST", "/images", type: "image/png", body: photo)
            #expect(posted.status == 201)
            let image = try #require(posted.field("Location"))
            #expect(try client.send("GET", image).body == photo)
            let target = "/occlusion?image=\(image.dropFirst(8))&patch=64&stride=64&format=png"
            let head = try client.send("HEAD", target)
            #expect(head.status == 200 && head.body == [] && head.field("Content-Length") == nil)
            #expect(service.computed == 0)
            let picture = try client.send("GET", target, fields: ["Accept: image/avif,image/webp,image/*,*/*;q=0.8"])
            #expect(picture.status == 200 && picture.body.starts(with: [0x89, 0x50, 0x4E, 0x47]))
            #expect(picture.field("ETag") == head.field("ETag"))
            let tag = try #require(picture.field("ETag"))
            let reloaded = try client.send("GET", target, fields: ["If-None-Match: \(tag)"])
            #expect(reloaded.status == 304 && reloaded.body == [] && reloaded.field("Content-Length") == nil)
            #expect(service.computed == 1)
            let part = try client.send("GET", target, fields: ["Range: bytes=1-3", "If-Range: \(tag)"])
            #expect(part.status == 206 && part.body == [0x50, 0x4E, 0x47])
            #expect(try client.send("DELETE", image).status == 204)
            #expect(try client.send("GET", target).status == 404)
        }
    }

    @Test func answersJSONCompressed() throws {
        try withRunningService(TestService()) { client in
            let photo = try TestService.chelsea()
            let plain = try client.send("POST", "/deconv?layer=fire5", type: "image/png", body: photo)
            let coded = try client.send(
                "POST", "/deconv?layer=fire5", type: "image/png", fields: ["Accept-Encoding: gzip, br"], body: photo)
            #expect(coded.field("Content-Encoding") == "gzip")
            #expect(coded.field("Content-Length") == String(coded.body.count))
            #expect(try Gzip.decompress(coded.body, limit: 1 << 24) == plain.body)
        }
    }

    @Test(arguments: [
        ("POST", "/nosuch", "image/png", 100, 404), ("PUT", "/predict", "image/png", 100, 405),
        ("POST", "/models", "image/png", 100, 405), ("POST", "/predict", "text/plain", 100, 415),
        ("POST", "/images", "text/plain", 100, 415), ("POST", "/images", "image/png", 33 << 20, 413),
        ("POST", "/predict", "image/png", 33 << 20, 413), ("POST", "/predict", "image/png", 60 << 20, 413),
        ("POST", "/predict?format=gif", "image/png", 100, 400), ("POST", "/predict?layer=x", "image/png", 100, 400),
    ])
    func refusesBeforeTheBodyIsSent(
        method: String, target: String, type: String, length: Int, status: Int
    ) throws {
        try withRunningService(TestService()) { client in
            let answer = try client.send(
                method, target, type: type, fields: ["Expect: 100-continue"],
                body: [UInt8](repeating: 0, count: length), sendsBody: false)
            #expect(answer.status == status)
            #expect(answer.field("Content-Type") == "application/problem+json")
            if status == 405 { #expect(answer.field("Allow") != nil) }
        }
    }

    @Test func refusesAFormNobodyAcceptsBeforeTheBodyIsSent() throws {
        try withRunningService(TestService()) { client in
            let answer = try client.send(
                "POST", "/predict", type: "image/png", fields: ["Expect: 100-continue", "Accept: text/html"],
                body: [1], sendsBody: false)
            #expect(answer.status == 406)
        }
    }

    @Test func asksForTheBodyOfARequestThatMayBeGood() throws {
        let service = try TestService().service
        for (target, type) in [
            ("/predict", "image/png"), ("/predict?image=\(String(repeating: "a", count: 64))", "image/png"),
            ("/predict", "application/json"), ("/predict?top=3", "multipart/form-data; boundary=b"),
            ("/images", "application/x-npy"),
        ] {
            let request = try Request(method: .post, target: target, fields: [.contentType: type], body: [1])
            #expect(service.refusal(of: request.head, requestID: "r") == nil, "\(target) \(type)")
        }
        // The form of the answer may be asked for in such a body.
        let fields: HTTPFields = [.contentType: "application/json", .accept: "text/html"]
        let request = try Request(method: .post, target: "/predict", fields: fields, body: [1])
        #expect(service.refusal(of: request.head, requestID: "r") == nil)
    }
}
