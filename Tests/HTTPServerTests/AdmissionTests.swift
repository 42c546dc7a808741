import Concurrency
import HTTP
import HTTPTypes
import TestClients
import Testing

@testable import HTTPServer

@Suite struct AdmissionTests {
    private let first = EventLoop.Reserved.firstConnection

    private func get(_ path: String, from server: TestServer) throws -> Client {
        let client = try server.client()
        try client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
        return client
    }

    @Test func refusesWhatTheQueueHasNoPlaceFor() throws {
        let gate = Gate()
        let server = try TestServer(handler: gate.handler) { configuration in
            configuration.handlerCount = 2
            configuration.queueLength = 3
            configuration.retryAfter = .seconds(1.2)
        }
        var clients: [Client] = []
        for number in 0..<5 {
            clients.append(try get("/\(number)", from: server))
            server.wait(for: .admitted(first + UInt64(number)))
        }
        let refused = try get("/5", from: server)
        let answer = try refused.answer()
        #expect(answer.status == 503)
        #expect(answer.fields["retry-after"] == "2")
        #expect(answer.fields["connection"] != "close")
        let statistics = server.server.statistics
        #expect(statistics.refusedRequests == 1)
        #expect(statistics.runningHandlers == 2)
        #expect(statistics.queuedRequests == 3)
        gate.open(5)
        for (number, client) in clients.enumerated() { #expect(try client.answer().text == "GET /\(number)") }
    }

    @Test func answersAHealthCheckHoweverBusyItIs() throws {
        let gate = Gate()
        let server = try TestServer(handler: gate.handler) { configuration in
            configuration.handlerCount = 1
            configuration.queueLength = 0
        }
        let busy = try get("/busy", from: server)
        gate.awaitEntry()
        #expect(try get("/other", from: server).answer().status == 503)
        #expect(try get("/healthz", from: server).answer().text == "GET /healthz")
        gate.open()
        #expect(try busy.answer().status == 200)
    }

    @Test func aWaitingRequestWhoseClientGoesFreesItsPlace() throws {
        let gate = Gate()
        let server = try TestServer(handler: gate.handler) { configuration in
            configuration.handlerCount = 1
            configuration.queueLength = 1
        }
        let running = try get("/running", from: server)
        gate.awaitEntry()
        let waiting = try get("/waiting", from: server)
        server.wait(for: .admitted(first + 1))
        waiting.reset()
        server.wait(for: .closed(first + 1))
        #expect(server.server.statistics.queuedRequests == 0)
        let next = try get("/next", from: server)
        server.wait(for: .admitted(first + 1 | 1 << ConnectionTable.placeBits))
        gate.open(2)
        #expect(try running.answer().text == "GET /running")
        #expect(try next.answer().text == "GET /next")
        #expect(gate.tokens.count == 2)
    }
}
