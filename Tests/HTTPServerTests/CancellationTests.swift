import Concurrency
import HTTP
import HTTPTypes
import TestClients
import Testing

@testable import HTTPServer

@Suite struct CancellationTests {
    private let first = EventLoop.Reserved.firstConnection

    private func begin(_ gate: Gate, _ server: TestServer, version: String = "1.1") throws -> (
        Client, CancellationToken
    ) {
        let client = try server.client()
        try client.send("GET /long HTTP/\(version)\r\nHost: a\r\n\r\n")
        gate.awaitEntry()
        return (client, try #require(gate.tokens.first))
    }

    @Test func aResetStopsTheRequest() throws {
        let gate = Gate()
        let server = try TestServer(handler: gate.handler)
        let (client, token) = try begin(gate, server)
        client.reset()
        server.wait(for: .closed(first))
        #expect(token.reason == .cancelled)
        #expect(server.accessLines(1)[0]["status"] == "499")
    }

    @Test func aClientThatHasClosedIsFoundOutAndItsRequestStopped() throws {
        let gate = Gate()
        let server = try TestServer(handler: gate.handler)
        let (client, token) = try begin(gate, server)
        client.close()
        server.wait(for: .halfClosed(first))
        #expect(!token.isCancelled)
        // Soon enough for a computation to end within 100 ms, which asks between layers only.
        server.advance(by: .milliseconds(21))
        server.wait(for: .closed(first))
        #expect(token.reason == .cancelled)
    }

    @Test(arguments: [true, false])
    func aHandlerIsStoppedATenthOfASecondAfterItsClientHasGone(isReset: Bool) throws {
        let (entered, stopped) = (Recorder<Bool>(), Recorder<Stopped>())
        var handler = TestHandler()
        handler.respond = { _, context in
            let cancelled = Recorder<Bool>()
            context.token.onCancel { cancelled.append(true) }
            entered.append(true)
            #expect(cancelled.wait { !$0.isEmpty })
            if let reason = context.token.reason { stopped.append(reason) }
            return Response(status: .ok)
        }
        let server = try TestServer(handler: handler)
        let client = try server.client()
        try client.send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(entered.wait { !$0.isEmpty })
        let start = server.time.now
        if isReset {
            client.reset()
        } else {
            client.close()
            server.wait(for: .halfClosed(first))
            server.advance(by: .milliseconds(99))
        }
        #expect(stopped.wait { $0 == [.cancelled] })
        #expect(server.time.now - start < .milliseconds(100))
        server.wait(for: .closed(first))
    }

    @Test func aClientThatStillListensIsAskedOnceAndAnswered() throws {
        let gate = Gate()
        let server = try TestServer(handler: gate.handler)
        let (client, token) = try begin(gate, server)
        client.shutdownWrite()
        server.wait(for: .halfClosed(first))
        for _ in 0..<3 { server.advance(by: .milliseconds(51)) }
        #expect(!token.isCancelled)
        gate.open()
        #expect(try client.answer().status == 100)
        #expect(try client.answer().text == "GET /long")
        #expect(try client.reachesEnd())
    }

    @Test func anOldClientIsNotSentAnInterimAnswer() throws {
        let gate = Gate()
        let server = try TestServer(handler: gate.handler)
        let (client, _) = try begin(gate, server, version: "1.0")
        client.shutdownWrite()
        server.wait(for: .halfClosed(first))
        server.advance(by: .milliseconds(51))
        gate.open()
        #expect(try client.answer().text == "GET /long")
    }

    @Test func anAnswerThatComesTooLateMeetsNobody() throws {
        let late = Recorder<String>()
        var handler = TestHandler()
        handler.respond = { request, context in
            guard request.target.path == "/long" else { return Response(status: .ok, body: [2]) }
            // Does not ask its token: it answers though nobody waits.
            late.append("entered")
            #expect(late.wait { $0.contains("leave") })
            return Response(status: .ok, body: [1])
        }
        let server = try TestServer(handler: handler)
        let client = try server.client()
        try client.send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(late.wait { !$0.isEmpty })
        client.reset()
        server.wait(for: .closed(first))
        let other = try server.client()
        server.wait(for: .accepted(first | 1 << ConnectionTable.placeBits))
        late.append("leave")
        try other.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try other.answer().body == [2])
        #expect(server.server.statistics.requests == 1)
    }
}
