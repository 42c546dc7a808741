import Concurrency
import Foundation
import HTTP
import HTTPServer
import HTTPTypes
import Switchback
import Testing

@testable import WebService

/// Tokens, links and origins through the socket, on a service that asks for tokens.
struct AccessTests {
    private static let service = Result { try GuardedService() }

    private func ask<Value>(_ body: (HTTPClient) throws -> Value) throws -> Value {
        try withRunningService(try Self.service.get().service, body)
    }

    private func bearer(_ token: String) -> [String] { ["Authorization: Bearer \(token)"] }

    @Test func everyRouteButTheOpenOnesAsksForAToken() throws {
        // One of its own: whether it is ready hangs on the server that it followed last.
        try withRunningService(try GuardedService().service) { client in
            for path in ["/models", "/models/zfnet", "/metrics", "/nosuch", "/predict?image=ab"] {
                let answer = try client.send("GET", path)
                #expect(answer.status == 401, "\(path)")
                #expect(answer.field("www-authenticate") == "Bearer realm=\"switchback\"")
                #expect(answer.field("content-type") == "application/problem+json")
            }
            for kind in ["predict", "activations", "deconv", "occlusion", "ablation", "signatures"] {
                #expect(try client.send("POST", "/\(kind)").status == 401, "\(kind)")
            }
            #expect(try client.send("DELETE", "/images/ab").status == 401)
            for path in ["/healthz", "/readyz", "/openapi.yaml"] {
                #expect(try client.send("GET", path).status == 200, "\(path)")
            }
        }
    }

    @Test func whoNeedsNoTokenIsNotToldWhichPathsThereAre() throws {
        try ask { client in
            for (method, path) in [("OPTIONS", "/nosuch"), ("GET", "/")] {
                let answer = try client.send(method, path)
                #expect(answer.status == 404 && !answer.text.contains("there are"), "\(method): \(answer.text)")
            }
            let told = try client.send("GET", "/nosuch", fields: bearer(AccessControlTests.reader))
            #expect(told.status == 404 && told.text.contains("there are /predict"), "\(told.text)")
        }
    }

    @Test func aTokenOpensWhatItsScopesSay() throws {
        try ask { client in
            let good = bearer(AccessControlTests.reader)
            #expect(try client.send("GET", "/models", fields: good).status == 200)
            #expect(try client.send("GET", "/metrics", fields: good).status == 200)
            let wrong = try client.send("GET", "/models", fields: bearer("wrong-0123456789"))
            #expect(wrong.status == 401)
            #expect(wrong.field("www-authenticate") == "Bearer realm=\"switchback\", error=\"invalid_token\"")
            let narrow = try client.send("DELETE", "/models", fields: good)
            #expect(narrow.status == 403)
            #expect(
                narrow.field("www-authenticate")
                    == "Bearer realm=\"switchback\", error=\"insufficient_scope\", scope=\"manage\"")
            #expect(try client.send("DELETE", "/models", fields: bearer(AccessControlTests.keeper)).status == 405)
        }
    }

    @Test func aBodyIsNotReadWithoutAToken() throws {
        try ask { client in
            // The body never comes, and the client waits for leave to send it.
            let head = "POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n\r\n"
            let answer = try client.exchange(Array(head.utf8))
            #expect(answer.status == 401)
            #expect(answer.field("connection") == "close")
        }
    }

    @Test func aSignedLinkNeedsNoTokenUntilItExpires() throws {
        let guarded = try Self.service.get()
        try ask { client in
            let json = ["Content-Type: application/json"]
            let body = Array(#"{"url": "/images/ab?width=64", "lifetime": 60}"#.utf8)
            let answer = try client.send(
                "POST", "/signatures", fields: bearer(AccessControlTests.reader) + json, body: body)
            #expect(answer.status == 200)
            #expect(answer.field("cache-control") == "no-store")
            let object = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
            let link = try #require(object?["url"] as? String)
            #expect(object?["expires"] as? Int64 == guarded.clock.seconds + 60)
            #expect(try client.send("GET", link).status != 401)
            #expect(try client.send("GET", link).status != 403)
            let changed = try client.send("GET", link.replacing("width=64", with: "width=65"))
            #expect(changed.status == 403)
            #expect(String(decoding: changed.body, as: UTF8.self).contains("signature is wrong"))
            #expect(try client.send("POST", link).status == 403)
        }
        let old = guarded.access.signed(try RequestTarget("/images/ab"), for: .seconds(0)).link
        let expired = try ask { try $0.send("GET", old) }
        #expect(expired.status == 403)
        #expect(String(decoding: expired.body, as: UTF8.self).contains("expired"))
    }

    @Test(arguments: [
        (#"{"url": "/models"}"#, 400, "picture"), (#"{"url": "https://evil.example/images/ab"}"#, 400, "picture"),
        (#"{"url": "/predict"}"#, 400, "names no image"), (#"{"url": "/occlusion?image="}"#, 400, "names no image"),
        (#"{"url": "/images/ab", "lifetime": 0}"#, 400, "1 … 604800"),
        (#"{"url": "/images/ab", "lifetime": 604801}"#, 400, "1 … 604800"),
        (#"{"url": "/images/ab", "lifetime": 1.5}"#, 400, "whole seconds"), (#"{"lifetime": 5}"#, 400, "missing"),
        (#"{"url": "/images/ab?expires=1&signature=AA"}"#, 400, "signed already"), ("[]", 400, "object"),
        (#"{"url": "/ablation?layer=fire9&dataset=photos"}"#, 400, "no signed link starts one"),
        (#"{"url": "/images/ab", "until": 5}"#, 400, "'until'"), (#"{"url": 5}"#, 400, "string"),
    ])
    func whatCannotBeSignedIsSaid(body: String, status: Int, words: String) throws {
        let service = try Self.service.get().service
        let answer = try service.ask("/signatures", type: "application/json", body: Array(body.utf8))
        #expect(answer.status.code == status)
        #expect(try TestService.detail(answer).contains(words))
        #expect(try service.ask("/signatures", type: "text/plain", body: Array(body.utf8)).status.code == 415)
    }

    @Test func preflightsNeedNoToken() throws {
        try ask { client in
            let fields = [
                "Origin: https://app.example", "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: authorization,content-type",
            ]
            let answer = try client.send("OPTIONS", "/deconv", fields: fields)
            #expect(answer.status == 204)
            #expect(answer.field("access-control-allow-origin") == "https://app.example")
            #expect(answer.field("access-control-allow-methods")?.contains("POST") == true)
            #expect(answer.field("access-control-allow-headers")?.contains("Authorization") == true)
            #expect(answer.field("access-control-max-age") == "7200")
            let other = try client.send(
                "OPTIONS", "/deconv", fields: ["Origin: https://evil.example"] + fields.dropFirst())
            #expect(other.status == 204)
            #expect(other.field("access-control-allow-origin") == nil)
            #expect(other.field("access-control-allow-methods") == nil)
        }
    }

    @Test func aPageMayReadEvenARefusal() throws {
        let answer = try ask { try $0.send("GET", "/models", fields: ["Origin: https://app.example"]) }
        #expect(answer.status == 401)
        #expect(answer.field("access-control-allow-origin") == "https://app.example")
    }
}

/// A service that asks for tokens and allows one other origin.
struct GuardedService: Sendable {
    let file: TemporaryFile
    let access: AccessControl
    let service: TestService
    let clock = WallClock(seconds: 1_000_000)

    init(
        limits: EngineLimits = EngineLimits(), jobs: JobLimits? = nil, datasets: DatasetCatalog = .empty
    ) throws {
        file = try TemporaryFile(AccessControlTests.tokens)
        var configuration = AccessConfiguration()
        configuration.tokenFile = file.path
        configuration.allowedOrigins = ["https://app.example"]
        access = try AccessControl(configuration, unixTime: { [clock] in clock.seconds })
        service = try TestService(
            limits: limits, access: access, contract: Array("openapi: 3.1.0\n".utf8), jobs: jobs, datasets: datasets)
    }
}

/// A wall clock that a test sets.
final class WallClock: Sendable {
    private let time: Guarded<Int64>

    init(seconds: Int64) { time = Guarded(seconds) }

    /// Seconds since 1970.
    var seconds: Int64 { time.withLock { $0 } }

    func advance(seconds: Int64) { time.withLock { $0 += seconds } }
}
