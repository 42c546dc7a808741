import Concurrency
import HTTP
import HTTPTypes
import Testing

@testable import HTTPServer

@Suite struct BackPressureTests {
    private let first = EventLoop.Reserved.firstConnection

    @Test func aStalledReaderHoldsOneAnswerHoweverMuchItPipelines() throws {
        let answered = Guarded(0)
        var handler = TestHandler()
        handler.respond = { _, _ in
            let number = answered.withLock { count in
                count += 1
                return count
            }
            return Response(status: .ok, body: [UInt8](repeating: UInt8(number), count: 8 << 20))
        }
        let server = try TestServer(handler: handler)
        let client = try server.client(receiveBytes: 4096)
        try client.send((0..<6).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
        server.wait(for: .stalled(first))
        for _ in 0..<10 { server.turn() }
        #expect(answered.withLock { $0 } == 1)
        for number in 1...6 {
            let body = try client.answer().body
            #expect(body.count == 8 << 20)
            #expect(body.first == UInt8(number) && body.last == UInt8(number))
        }
    }

    @Test func nothingIsReadWhileARequestRuns() throws {
        let faults = Faults()
        let gate = Gate()
        let server = try TestServer(handler: gate.handler, syscalls: faults.syscalls)
        let client = try server.client()
        try client.send("GET /first HTTP/1.1\r\nHost: a\r\n\r\n")
        gate.awaitEntry()
        let before = faults.count(of: .receive)
        for _ in 0..<50 {
            try client.send("GET /more HTTP/1.1\r\nHost: a\r\n\r\n")
            server.turn()
        }
        #expect(faults.count(of: .receive) == before)
        gate.open(51)
        #expect(try client.answer().text == "GET /first")
        for _ in 0..<50 { #expect(try client.answer().text == "GET /more") }
    }

    @Test func aSlowReaderDoesNotHoldUpOthers() throws {
        var handler = TestHandler()
        handler.respond = { request, _ in
            Response(status: .ok, body: [UInt8](repeating: 1, count: request.target.path == "/big" ? 12 << 20 : 10))
        }
        let server = try TestServer(handler: handler)
        let slow = try server.client(receiveBytes: 4096)
        try slow.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n")
        server.wait(for: .stalled(first))
        let quick = try server.client()
        for _ in 0..<10 {
            try quick.send("GET /small HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try quick.answer().body.count == 10)
        }
        #expect(try slow.answer().body.count == 12 << 20)
    }
}
