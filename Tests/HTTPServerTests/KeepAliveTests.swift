import Concurrency
import HTTP
import HTTPTypes
import TestClients
import Testing

@testable import HTTPServer

@Suite struct KeepAliveTests {
    @Test(arguments: ["127.0.0.1", "[::1]"])
    func answersOneRequestAfterAnother(host: String) throws {
        let server = try TestServer(host: host)
        let client = try server.client()
        for number in 1...3 {
            try client.send("GET /\(number) HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try client.answer()
            #expect(answer.status == 200)
            #expect(answer.text == "GET /\(number)")
            #expect(answer.fields["date"]?.hasSuffix(" GMT") == true)
        }
        #expect(server.server.statistics.acceptedConnections == 1)
        #expect(server.server.statistics.requests == 3)
    }

    @Test func answersPipelinedRequestsInOrder() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send((0..<200).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
        for number in 0..<200 { #expect(try client.answer().text == "GET /\(number)") }
    }

    @Test func answersFromTheLoopInOrderToo() throws {
        var handler = TestHandler()
        handler.immediate = { request in
            guard request.target.path.hasSuffix("0") else { return nil }
            return Response(status: .ok, contentType: "text/plain", text: "at once \(request.target.path)")
        }
        let server = try TestServer(handler: handler)
        let client = try server.client()
        try client.send((0..<30).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
        for number in 0..<30 {
            #expect(try client.answer().text == (number % 10 == 0 ? "at once /\(number)" : "GET /\(number)"))
        }
    }

    @Test func closesAfterTheAnswerWhereTheClientWishes() throws {
        let server = try TestServer()
        for request in ["GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"] {
            let client = try server.client()
            try client.send(request)
            let answer = try client.answer()
            #expect(answer.status == 200)
            #expect(answer.fields["connection"] == "close")
            #expect(try client.reachesEnd())
        }
    }

    @Test func answersAClientThatHasFinishedSending() throws {
        let gate = Gate()
        let server = try TestServer(handler: gate.handler)
        let client = try server.client()
        try client.send("GET /half HTTP/1.1\r\nHost: a\r\n\r\n")
        client.shutdownWrite()
        gate.awaitEntry()
        server.wait(for: .halfClosed(EventLoop.Reserved.firstConnection))
        gate.open()
        #expect(try client.answer().text == "GET /half")
        #expect(try client.reachesEnd())
    }

    @Test func seesTheEndBehindRequestsThatTakeSeveralReads() throws {
        let gate = Gate()
        let server = try TestServer(handler: gate.handler)
        let client = try server.client()
        let request = "GET /half HTTP/1.1\r\nHost: a\r\n\r\n"
        try client.send(request)
        gate.awaitEntry()
        try client.send(String(repeating: request, count: 1000))
        client.shutdownWrite()
        server.wait(for: .halfClosed(EventLoop.Reserved.firstConnection))
        gate.open(1001)
        for _ in 0...1000 { #expect(try client.answer().text == "GET /half") }
        #expect(try client.reachesEnd())
    }

    @Test func doesNotSpinOnAHalfClosedConnection() throws {
        let faults = Faults()
        let gate = Gate()
        let server = try TestServer(handler: gate.handler, syscalls: faults.syscalls)
        let client = try server.client()
        try client.send("GET /half HTTP/1.1\r\nHost: a\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n")
        client.shutdownWrite()
        gate.awaitEntry()
        server.wait(for: .halfClosed(EventLoop.Reserved.firstConnection))
        server.turn()
        let before = faults.count(of: .waitPoll)
        for _ in 0..<10 { server.turn() }
        // Each turn is one wait; a loop that spun would have waited thousands of times.
        #expect(faults.count(of: .waitPoll) - before <= 30)
        gate.open()
        #expect(try client.answer().text == "GET /half")
        gate.open()
        #expect(try client.answer().text == "GET /next")
        #expect(try client.reachesEnd())
    }

    @Test func tellsWhatIsWrongBeforeItCloses() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n" + String(repeating: "x", count: 100_000))
        let answer = try client.answer()
        #expect(answer.status == 400)
        #expect(answer.fields["connection"] == "close")
        #expect(try client.reachesEnd())
        client.close()
        server.wait(for: .closed(EventLoop.Reserved.firstConnection))
    }
}

/// A handler that says when it has begun, and answers when it is let.
final class Gate: Sendable {
    private let entered = Recorder<CancellationToken>()
    private let opened = Guarded(0)
    private let changed = Condition()

    var handler: TestHandler {
        var handler = TestHandler()
        handler.respond = { request, context in
            if request.target.path != "/healthz" { self.pass(context.token) }
            return Response(status: .ok, contentType: "text/plain", text: "\(request.method) \(request.target.path)")
        }
        return handler
    }

    /// The tokens of the requests begun so far.
    var tokens: [CancellationToken] { entered.values }

    /// Returns when so many requests have begun.
    func awaitEntry(_ count: Int = 1) {
        #expect(entered.wait { $0.count >= count })
    }

    /// Lets so many requests be answered.
    func open(_ count: Int = 1) {
        opened.withLock { $0 += count }
        changed.notifyAll()
    }

    private func pass(_ token: CancellationToken) {
        entered.append(token)
        let registration = token.onCancel { self.changed.notifyAll() }
        let limit = MonotonicTime().now + .seconds(20)
        _ = opened.wait(for: changed, until: limit) { opened -> Void? in
            if token.isCancelled { return () }
            guard opened > 0 else { return nil }
            opened -= 1
            return ()
        }
        token.remove(registration)
    }
}
