import Concurrency
import HTTP
import HTTPTypes
import TestClients
import Testing

@testable import HTTPServer

@Suite struct BackPressureTests {
    private let first = EventLoop.Reserved.firstConnection

    @Test func aStalledReaderHoldsOneAnswerHoweverMuchItPipelines() throws {
        let answered = Guarded(0)
        let handler = TestHandler.numbering(answered, bytes: 8 << 20)
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

    @Test(arguments: [0, 1, 100_000, 300_000])
    func littleIsHeldOfTheRequestsBehindTheOneAtWork(bodyBytes: Int) throws {
        let faults = Faults()
        let gate = Gate()
        let server = try TestServer(handler: gate.handler, syscalls: faults.syscalls)
        let client = try server.client()
        let next = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n"
        let head = "POST /first HTTP/1.1\r\nHost: a\r\nContent-Length: \(bodyBytes)\r\n\r\n"
        let first = Array(head.utf8) + [UInt8](repeating: 1, count: bodyBytes)
        try client.send(first + Array(String(repeating: next, count: 3000).utf8))
        gate.awaitEntry()
        server.turn()
        #expect(faults.receivedBytes <= first.count + (16 << 10))
        gate.open(3001)
        #expect(try client.answer().text == "POST /first")
        for _ in 0..<3000 { #expect(try client.answer().text == "GET /next") }
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
