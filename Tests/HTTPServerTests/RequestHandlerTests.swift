import Concurrency
import HTTP
import HTTPTypes
import TestClients
import Testing

@testable import HTTPServer

/// What a handler is asked and told besides the answer itself.
@Suite struct RequestHandlerTests {
    private let first = EventLoop.Reserved.firstConnection

    @Test func everyRequestMayBeRefusedByItsHead() throws {
        let asked = Recorder<String>()
        let gate = Gate()
        var handler = gate.handler
        handler.refusal = { head in
            asked.append("\(head.method) \(head.target.path)")
            return head.target.path == "/secret" ? Response(status: .unauthorized) : nil
        }
        let server = try TestServer(handler: handler)
        let client = try server.client()
        try client.send("GET /secret HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.answer().status == 401)
        // Nothing is left unread, so the connection goes on.
        gate.open()
        try client.send("POST /open HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab")
        #expect(try client.answer().status == 200)
        try client.send("POST /secret HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n")
        #expect(try client.answer().status == 401)
        #expect(asked.values == ["GET /secret", "POST /open", "POST /secret"])
        #expect(gate.tokens.count == 1)
    }

    @Test func isToldOfEveryRequestThatIsOver() throws {
        let finished = Recorder<RequestSummary>()
        var handler = TestHandler()
        handler.finished = { finished.append($0) }
        let server = try TestServer(handler: handler)
        let client = try server.client()
        try client.send("POST /a?b=c HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
        let answer = try client.answer()
        #expect(finished.wait { $0.count == 1 })
        let summary = try #require(finished.values.first)
        #expect(summary.head?.method == .post && summary.head?.target.path == "/a" && summary.status == 200)
        #expect(summary.receivedBytes == 3)
        #expect(summary.sentBytes > answer.body.count)
        // A refusal of the server's own, of a request that has no head.
        try client.send("nonsense\r\n\r\n")
        #expect(try client.answer().status == 400)
        #expect(finished.wait { $0.count == 2 })
        #expect(finished.values[1].head == nil && finished.values[1].status == 400)
    }

    @Test func isToldOfAClientThatWentAway() throws {
        let finished = Recorder<RequestSummary>()
        let gate = Gate()
        var handler = gate.handler
        handler.finished = { finished.append($0) }
        let server = try TestServer(handler: handler)
        let client = try server.client()
        try client.send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n")
        gate.awaitEntry()
        server.advance(by: .seconds(3))
        client.reset()
        #expect(finished.wait { $0.count == 1 })
        #expect(finished.values.first?.status == 499)
        #expect(finished.values.first?.duration == .seconds(3))
    }

    @Test func theLogNamesWhoAsked() throws {
        var handler = TestHandler()
        handler.client = { $0.fields[.authorization].map { "known as \($0)" } }
        let server = try TestServer(handler: handler)
        let client = try server.client()
        try client.send("GET /a HTTP/1.1\r\nHost: a\r\nAuthorization: b\r\n\r\n")
        #expect(try client.answer().status == 200)
        try client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.answer().status == 200)
        #expect(server.accessLines(2).map { $0["client"] } == ["known as b", nil])
    }

    @Test func knowsHowLongARequestWaited() throws {
        let waited = Recorder<Timeout>()
        let gate = Gate()
        var handler = gate.handler
        let respond = handler.respond
        handler.respond = { request, context in
            waited.append(context.waited)
            return respond(request, context)
        }
        let server = try TestServer(handler: handler) { $0.handlerCount = 1 }
        let clients = try (0..<2).map { _ in try server.client() }
        for (index, client) in clients.enumerated() {
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            server.wait(for: .admitted(first + UInt64(index)))
        }
        gate.awaitEntry()
        server.advance(by: .seconds(2))
        gate.open(2)
        for client in clients { #expect(try client.answer().status == 200) }
        #expect(waited.values == [.seconds(0), .seconds(2)])
    }
}
