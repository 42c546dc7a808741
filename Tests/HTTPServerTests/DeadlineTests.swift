import Concurrency
import HTTP
import HTTPTypes
import TestClients
import Testing

@testable import HTTPServer

@Suite struct DeadlineTests {
    private let first = EventLoop.Reserved.firstConnection

    @Test func aHeaderThatTricklesInDoesNotMoveItsDeadline() throws {
        let server = try TestServer { $0.headerTimeout = .seconds(10) }
        let client = try server.client()
        server.wait(for: .accepted(first))
        for byte in "GET / HTTP".map(String.init) {
            try client.send(byte)
            server.advance(by: .milliseconds(999))
        }
        #expect(server.server.statistics.connections == 1)
        server.advance(by: .milliseconds(10))
        let answer = try client.answer()
        #expect(answer.status == 408)
        #expect(answer.fields["connection"] == "close")
        #expect(try client.reachesEnd())
        #expect(server.accessLines(1)[0]["status"] == "408")
    }

    @Test func anIdleConnectionIsClosed() throws {
        let server = try TestServer { $0.keepAliveTimeout = .seconds(60) }
        let client = try server.client()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.answer().status == 200)
        server.turn()
        server.advance(by: .seconds(59.9))
        #expect(server.server.statistics.connections == 1)
        server.advance(by: .seconds(0.2))
        #expect(try client.reachesEnd())
    }

    @Test func aConnectionThatNeverSpeaksIsClosed() throws {
        let server = try TestServer()
        let client = try server.client()
        server.wait(for: .accepted(first))
        server.advance(by: .seconds(10.1))
        #expect(try client.reachesEnd())
    }

    @Test func aBodyMustMakeProgress() throws {
        let server = try TestServer { $0.bodyTimeout = .seconds(30) }
        let client = try server.client()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\nExpect: 100-continue\r\n\r\n")
        #expect(try client.answer().status == 100)
        server.advance(by: .seconds(29))
        try client.send([1])
        server.advance(by: .seconds(2))
        #expect(try client.answer().status == 408)
    }

    @Test func aHandlerThatIsLateIsStoppedAndAnsweredFor() throws {
        let gate = Gate()
        let server = try TestServer(handler: gate.handler) { $0.handlerTimeout = .seconds(5) }
        let client = try server.client()
        try client.send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n")
        gate.awaitEntry()
        let token = try #require(gate.tokens.first)
        server.advance(by: .seconds(4.9))
        #expect(!token.isCancelled)
        server.advance(by: .seconds(0.2))
        let answer = try client.answer()
        #expect(answer.status == 503)
        #expect(answer.fields["retry-after"] == "1")
        #expect(token.isCancelled)
        #expect(try client.reachesEnd())
    }

    @Test func theTokenKnowsTheDeadline() throws {
        let gate = Gate()
        let server = try TestServer(handler: gate.handler) { $0.handlerTimeout = .seconds(5) }
        let client = try server.client()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        gate.awaitEntry()
        #expect(gate.tokens.first?.deadline == server.time.now + .seconds(5))
        gate.open()
        #expect(try client.answer().status == 200)
    }

    @Test func aClientThatDoesNotReadIsGivenUp() throws {
        var handler = TestHandler()
        handler.respond = { _, _ in Response(status: .ok, body: [UInt8](repeating: 7, count: 12 << 20)) }
        let server = try TestServer(handler: handler) { $0.writeTimeout = .seconds(30) }
        let client = try server.client(receiveBytes: 4096)
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        server.wait(for: .stalled(first))
        server.turn()
        // The kernel may still take a little: each step gives it a turn.
        #expect(server.server.statistics.connections == 1)
        server.advance(by: .seconds(31))
        server.wait(for: .closed(first))
        let line = try #require(server.accessLines(1).first)
        #expect(line["status"] == "200")
        #expect((line["bytes"].flatMap { Int($0) } ?? 0) < 12 << 20)
    }

    @Test func aClientThatDoesNotCloseAfterAnErrorIsClosed() throws {
        let server = try TestServer { $0.lingerTimeout = .seconds(2) }
        let client = try server.client()
        try client.send("nonsense\r\n\r\n")
        #expect(try client.answer().status == 400)
        #expect(try client.reachesEnd())
        server.turn()
        #expect(server.server.statistics.connections == 1)
        server.advance(by: .seconds(2.1))
        server.wait(for: .closed(first))
    }
}
