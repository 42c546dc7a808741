import Concurrency
import Dispatch
import HTTP
import HTTPTypes
import Logging
import TestClients
import TestLogs
import Testing

@testable import HTTPServer

@Suite struct AccessLogTests {
    @Test func writesALineForEachRequest() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send("GET /a%20b/c?key=secret HTTP/1.1\r\nHost: a\r\nX-Request-Id: my-id.1\r\n\r\n")
        let answer = try client.answer()
        #expect(answer.fields["x-request-id"] == "my-id.1")
        let line = try #require(server.accessLines(1).first)
        #expect(line["method"] == "GET")
        #expect(line["path"] == "/a b/c")
        #expect(line["status"] == "200")
        #expect(line["peer"] == "127.0.0.1")
        #expect(line["request_id"] == "my-id.1")
        #expect(line["ms"] == "0.0")
        #expect((line["bytes"].flatMap { Int($0) } ?? 0) > answer.body.count)
    }

    @Test func measuresFromTheFirstByteToTheLast() throws {
        let gate = Gate()
        let server = try TestServer(handler: gate.handler)
        let client = try server.client()
        try client.send("GET / HT")
        server.wait(for: .accepted(EventLoop.Reserved.firstConnection))
        server.turn()
        server.advance(by: .milliseconds(250))
        try client.send("TP/1.1\r\nHost: a\r\n\r\n")
        gate.awaitEntry()
        server.advance(by: .milliseconds(500.5))
        gate.open()
        #expect(try client.answer().status == 200)
        #expect(server.accessLines(1)[0]["ms"] == "750.5")
    }

    @Test func makesAnIdWhereTheClientsIsNotWellFormed() throws {
        let server = try TestServer()
        let client = try server.client()
        var ids: Set<String> = []
        for proposed in ["", "X-Request-Id: a b\r\n", "X-Request-Id: \"\r\n"] {
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\(proposed)\r\n")
            ids.insert(try client.answer().fields["x-request-id"] ?? "")
        }
        #expect(ids.count == 3)
        #expect(ids.allSatisfy { $0.count == 15 })
    }

    @Test func givesTheHandlerTheIdAndALoggerThatCarriesIt() throws {
        var handler = TestHandler()
        handler.respond = { _, context in
            context.logger.notice("working")
            return Response(status: .ok, contentType: "text/plain", text: context.requestID)
        }
        let server = try TestServer(handler: handler)
        let client = try server.client()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: abc\r\n\r\n")
        #expect(try client.answer().text == "abc")
        #expect(server.log.values.first { $0.message == "working" }?.metadata["request_id"] == "abc")
    }

    @Test func namesARequestThatCouldNotBeRead() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send("GET / HTTP/9.9\r\n\r\n")
        #expect(try client.answer().status == 505)
        let line = try #require(server.accessLines(1).first)
        #expect(line["status"] == "505")
        #expect(line["path"] == "-")
    }

    @Test func losesAndCountsWhatASlowOutputCannotTake() {
        let lines = Recorder<String>()
        let leave = DispatchSemaphore(value: 0)
        let logger = ObservedLog.logger(.info) { _, message, _ in
            leave.wait()
            lines.append(message)
        }
        let log = AccessLog(logger: logger, capacity: 5)
        let entry = AccessLog.Entry(status: 200, bytes: 1, milliseconds: 1, peer: "a", requestID: "b")
        log.record([entry, entry, entry])
        log.record([entry, entry, entry, entry])
        #expect(log.lostCount == 2)
        for _ in 0..<5 { leave.signal() }
        #expect(log.flush(within: .seconds(20)))
        #expect(lines.values.count == 5)
        log.record([entry])
        leave.signal()
        #expect(log.flush(within: .seconds(20)))
        #expect(log.lostCount == 2)
    }
}
