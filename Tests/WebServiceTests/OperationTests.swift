import Concurrency
import Dispatch
import Foundation
import HTTP
import HTTPServer
import HTTPTypes
import Testing

@testable import WebService

/// What an operator sees.
struct OperationTests {
    private static let service = Result { try TestService(contract: Array("openapi: 3.1.0\n".utf8)) }

    private func lines(_ client: HTTPClient) throws -> [String] {
        let answer = try client.send("GET", "/metrics")
        #expect(answer.status == 200)
        #expect(answer.field("content-type") == "text/plain; version=0.0.4; charset=utf-8")
        return String(decoding: answer.body, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func metricsTellOfRequestsByRouteMethodAndStatus() throws {
        let service = try TestService()
        try withRunningService(service) { client in
            _ = try client.send("GET", "/healthz")
            _ = try client.send("GET", "/models/zfnet")
            _ = try client.send("GET", "/models/nosuch")
            for path in ["/a", "/b", "/c"] { _ = try client.send("GET", path) }
            _ = try client.send("FROB", "/predict")
            _ = try client.exchange(Array("GET / HTTP/1.1\r\n\r\n".utf8))
            let lines = try lines(client)
            func count(_ route: String, _ method: String, _ status: Int) -> String? {
                let labels = "{route=\"\(route)\",method=\"\(method)\",status=\"\(status)\"}"
                let line = lines.first { $0.hasPrefix("switchback_http_requests_total\(labels) ") }
                return line.map { String($0.split(separator: " ")[1]) }
            }
            #expect(count("/healthz", "GET", 200) == "1")
            #expect(count("/models/{name}", "GET", 200) == "1")
            #expect(count("/models/{name}", "GET", 404) == "1")
            // Paths and methods that do not exist share one label each.
            #expect(count("unmatched", "GET", 404) == "3")
            #expect(lines.contains { $0.contains("method=\"unknown\"") })
            #expect(!lines.contains { $0.contains("FROB") || $0.contains("\"/a\"") })
            // The server's own refusal counts too: this one has no Host.
            #expect(count("unmatched", "unknown", 400) == "1")
            #expect(lines.contains("switchback_http_request_seconds_count{route=\"/models/{name}\"} 2"))
            #expect(lines.contains { $0.hasPrefix("switchback_connections ") })
            #expect(lines.contains("switchback_connections_accepted_total 9"))
            #expect(lines.contains { $0.hasPrefix("switchback_handlers_running ") })
            #expect(lines.contains { $0.hasPrefix("switchback_build_info{version=\"") })
            #expect(lines.contains { $0.hasPrefix("process_resident_memory_bytes ") })
        }
    }

    @Test func metricsProveWhatWasComputed() throws {
        let service = try TestService()
        let body = try TestService.chelsea()
        try withRunningService(service) { client in
            #expect(try !lines(client).contains("switchback_compute_seconds_count{explainer=\"predict\"} 1"))
            let answer = try client.send("POST", "/predict", fields: ["Content-Type: image/png"], body: body)
            #expect(answer.status == 200)
            let lines = try lines(client)
            #expect(lines.contains("switchback_compute_seconds_count{explainer=\"predict\"} 1"))
            #expect(lines.contains("switchback_http_request_bytes_total{route=\"/predict\"} \(body.count)"))
            let sent = answer.head.utf8.count + 4 + answer.body.count
            #expect(lines.contains("switchback_http_response_bytes_total{route=\"/predict\"} \(sent)"))
        }
    }

    @Test func readinessFollowsTheDrain() throws {
        // One of its own: a service tells of the server that it followed last.
        let service = try TestService()
        try withRunningServer(service, drainDelay: .seconds(60)) { server, client in
            #expect(try client.send("GET", "/readyz").status == 200)
            server.drain()
            // It goes on serving, also new connections, and says that it will not for long.
            let answer = try client.send("GET", "/readyz")
            #expect(answer.status == 503)
            #expect(String(decoding: answer.body, as: UTF8.self).contains("being stopped"))
            #expect(answer.field("retry-after") != nil)
            #expect(try client.send("GET", "/healthz").status == 200)
        }
    }

    @Test func readinessNeedsTheDefaultModel() throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        let folder = root.appendingPathComponent("broken")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: root) }
        try Data("no network".utf8).write(to: folder.appendingPathComponent("model.onnx"))
        let answer = try TestService(models: [root.path]).ask("/readyz", method: .get, type: nil)
        #expect(answer.status.code == 503)
        #expect(try TestService.detail(answer) == "the default model cannot be loaded")
    }

    @Test func theContractIsServed() throws {
        let service = try Self.service.get()
        let answer = try service.ask("/openapi.yaml", method: .get, type: nil)
        #expect(answer.status == .ok && answer.body == Array("openapi: 3.1.0\n".utf8))
        #expect(answer.fields[.contentType] == "application/yaml")
        let request = try Request(
            method: .get, target: "/openapi.yaml", fields: [.ifNoneMatch: answer.fields[.eTag] ?? ""])
        let context = RequestContext(requestID: "test-1", logger: TestService.silent)
        #expect(service.service.respond(to: request, context: context).status == .notModified)
        let without = try TestService().ask("/openapi.yaml", method: .get, type: nil)
        #expect(without.status == .notFound)
        // What there is instead is told, and that alone.
        let words = try TestService.detail(without)
        for path in ["there are /predict", ", /images/{sha256}, ", ", /metrics"] { #expect(words.contains(path)) }
        #expect(!words.contains(", /openapi.yaml") && !words.contains("/jobs"))
    }

    @Test func everyAnswerCarriesARequestIdAndIsNotSniffed() throws {
        try withRunningService(try Self.service.get()) { client in
            for (method, path) in [
                ("GET", "/healthz"), ("GET", "/models"), ("GET", "/nosuch"), ("PUT", "/predict"),
                ("OPTIONS", "/predict"),
                ("POST", "/predict"), ("GET", "/metrics"),
            ] {
                let answer = try client.send(method, path, fields: ["X-Request-Id: id-1"])
                #expect(answer.field("x-request-id") == "id-1", "\(method) \(path)")
                #expect(answer.field("x-content-type-options") == "nosniff", "\(method) \(path)")
                #expect(answer.field("server") == nil)
            }
            let made = try client.send("GET", "/healthz", fields: ["X-Request-Id: not one, surely"])
            #expect(made.field("x-request-id")?.count == 15)
            let refused = try client.exchange(Array("GET / HTTP/9.9\r\n\r\n".utf8))
            #expect(refused.field("x-request-id")?.count == 15)
            #expect(refused.field("x-content-type-options") == "nosniff")
        }
    }

    @Test func pagesMayLoadOnlyWhatTheServiceServes() {
        var page = Response(status: .ok, contentType: "text/html; charset=utf-8", text: "<p>")
        SecurityHeaders.apply(to: &page)
        #expect(page.fields[.contentSecurityPolicy]?.contains("frame-ancestors 'none'") == true)
        #expect(page.fields[.contentSecurityPolicy]?.hasPrefix("default-src 'none'") == true)
        #expect(page.fields[.referrerPolicy] == "no-referrer")
        var document = Response(status: .ok, contentType: "application/json", text: "{}")
        SecurityHeaders.apply(to: &document)
        #expect(document.fields[.contentSecurityPolicy] == nil)
        #expect(document.fields[.xContentTypeOptions] == "nosniff")
    }

    @Test func healthIsAnsweredWhileEveryHandlerIsBusy() throws {
        let service = try TestService(threads: 1)
        // The pool's one turn is taken, so that each request waits in its handler.
        let turn = HeldTurn(service.pool)
        defer { turn.release() }
        let body = try TestService.chelsea()
        try withRunningServer(service, handlers: 2) { server, client in
            let waiting = try (0..<4).map { _ in
                try client.open("POST", "/predict", fields: ["Content-Type: image/png"], body: body)
            }
            service.pool.awaitWaiting(2)
            #expect(try client.send("GET", "/healthz").status == 200)
            #expect(try client.send("GET", "/readyz").status == 200)
            let lines = try lines(client)
            #expect(lines.contains("switchback_compute_waiting 2"))
            turn.release()
            for connection in waiting { #expect(try connection.answer().status == 200) }
            #expect(server.statistics.queuedRequests == 0)
        }
    }
}
