import Foundation
import Testing

@testable import WebService

/// What an `<img>` on a page of another origin gets from a service that asks for tokens: it sends none, so its address
/// is signed.
struct SignedPictureTests {
    private let guarded: GuardedService
    private let bearer = ["Authorization: Bearer \(AccessControlTests.reader)"]

    init() throws {
        guarded = try GuardedService()
    }

    /// The address of the photo, posted.
    private func post(_ client: HTTPClient) throws -> String {
        let answer = try client.send(
            "POST", "/images", type: "image/png", fields: bearer, body: TestService.chelsea())
        return try #require(answer.field("location"))
    }

    /// `target` signed for a minute, by the service itself.
    private func sign(_ target: String, _ client: HTTPClient) throws -> String {
        let body = Array(#"{"url": "\#(target)", "lifetime": 60}"#.utf8)
        let answer = try client.send("POST", "/signatures", type: "application/json", fields: bearer, body: body)
        let object = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
        return try #require(object?["url"] as? String)
    }

    private func heatmap(of image: String) -> String {
        "/occlusion?image=\(image.dropFirst(8))&patch=64&stride=64&format=png&view=heatmap"
    }

    @Test func showsAStoredImage() throws {
        try withRunningService(guarded.service) { client in
            let link = try sign(try post(client), client)
            let shown = try client.send("GET", link)
            #expect(shown.status == 200)
            #expect(try shown.body == TestService.chelsea())
            #expect(shown.field("content-type") == "image/png")
            #expect(shown.field("cross-origin-resource-policy") == "cross-origin")
            #expect(shown.field("cache-control") == "private, max-age=31536000, immutable")
            #expect(shown.field("x-content-type-options") == "nosniff")
            let tag = try #require(shown.field("etag"))
            let again = try client.send("GET", link, fields: ["If-None-Match: \(tag)"])
            #expect(again.status == 304 && again.body == [])
            #expect(again.field("cross-origin-resource-policy") == "cross-origin")
            #expect(try client.send("GET", link, fields: ["Range: bytes=0-3"]).status == 206)
        }
    }

    @Test func showsAHeatmapAndComputesItOnce() throws {
        try withRunningService(guarded.service) { client in
            let link = try sign(heatmap(of: try post(client)), client)
            let shown = try client.send("GET", link, fields: ["Accept: image/avif,image/webp,image/*,*/*;q=0.8"])
            #expect(shown.status == 200 && shown.body.starts(with: [0x89, 0x50, 0x4E, 0x47]))
            #expect(shown.field("cross-origin-resource-policy") == "cross-origin")
            #expect(shown.field("cache-control") == "private, max-age=60, must-revalidate")
            #expect(shown.field("vary") == "Accept, Accept-Encoding, Origin")
            let tag = try #require(shown.field("etag"))
            let reloaded = try client.send("GET", link, fields: ["If-None-Match: \(tag)"])
            #expect(reloaded.status == 304 && reloaded.field("etag") == tag)
            #expect(reloaded.field("cross-origin-resource-policy") == "cross-origin")
            #expect(guarded.service.computed == 1)
        }
    }

    @Test func refusesWhatWasNotSigned() throws {
        try withRunningService(guarded.service) { client in
            let image = try post(client)
            for target in [image, heatmap(of: image)] {
                let unsigned = try client.send("GET", target)
                #expect(unsigned.status == 401)
                #expect(unsigned.field("www-authenticate") == "Bearer realm=\"switchback\"")
                let link = try sign(target, client)
                let other = String(image.dropFirst(8)).replacing("a", with: "b")
                let later = link.replacing("expires=1000060", with: "expires=1000061")
                for altered in [
                    link.replacing(image.dropFirst(8), with: other), later, link + "&width=64",
                    link.replacing(/signature=.{4}/) { _ in "signature=AAAA" },
                ] {
                    #expect(altered != link)
                    let answer = try client.send("GET", altered)
                    #expect(answer.status == 403 && answer.text.contains("signature is wrong"), "\(altered)")
                    #expect(answer.field("www-authenticate") == nil)
                    #expect(answer.field("cross-origin-resource-policy") == "same-origin")
                }
                #expect(try client.send("GET", String(link.dropLast())).status == 403)
                #expect(try client.send("GET", link).status == 200)
            }
        }
    }

    @Test func refusesALinkThatHasExpired() throws {
        try withRunningService(guarded.service) { client in
            let image = try post(client)
            let links = [try sign(image, client), try sign(heatmap(of: image), client)]
            guarded.clock.advance(seconds: 59)
            for link in links { #expect(try client.send("GET", link).status == 200) }
            guarded.clock.advance(seconds: 1)
            for link in links {
                let answer = try client.send("GET", link)
                #expect(answer.status == 403 && answer.text.contains("has expired, at 1000060"))
            }
        }
    }
}
