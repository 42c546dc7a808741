import Concurrency
import HTTP
import HTTPTypes
import TestClients
import Testing

@testable import HTTPServer

/// What clients make the server hold, in all.
@Suite struct MemoryLimitTests {
    private let first = EventLoop.Reserved.firstConnection
    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    /// More than the kernel takes for a client that does not read.
    private static let answerBytes = 12 << 20

    private func server(holding count: Int) throws -> TestServer {
        var handler = TestHandler()
        handler.respond = { request, _ in
            Response(
                status: .ok, body: [UInt8](repeating: 1, count: request.target.path == "/" ? Self.answerBytes : 100))
        }
        return try TestServer(handler: handler) { $0.maximumHeldOutputBytes = count * Self.answerBytes + (1 << 20) }
    }

    /// A client with an address of its own unless told.
    private func stall(_ number: UInt64, _ server: TestServer, from source: String? = nil) throws -> Client {
        let client = try Client(to: server.address, receiveBytes: 4096, from: source ?? "127.0.0.\(number + 2)")
        try client.send(Self.get)
        server.wait(for: .stalled(first + number))
        return client
    }

    @Test func theSlowestReaderMakesWayForANewAnswer() throws {
        let server = try server(holding: 2)
        let older = try stall(0, server)
        server.advance(by: .seconds(1))
        let newer = try stall(1, server)
        server.advance(by: .seconds(1))
        let third = try stall(2, server)
        // Both have taken as much, the older one in twice the time.
        server.wait(for: .closed(first))
        #expect(try newer.answer().body.count == Self.answerBytes)
        #expect(try third.answer().body.count == Self.answerBytes)
        #expect(throws: (any Error).self) { try older.answer() }
        #expect(server.server.statistics.slowClients == 1)
    }

    @Test func whereNobodyIsSlowTheNewAnswerIsRefused() throws {
        let server = try server(holding: 1)
        let reader = try stall(0, server)
        let refused = try server.client()
        try refused.send(Self.get)
        let answer = try refused.answer()
        #expect(answer.status == 503)
        #expect(answer.fields["retry-after"] == "1")
        try refused.send("GET /small HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try refused.answer().status == 200)
        #expect(try reader.answer().body.count == Self.answerBytes)
        // What was held is given back.
        try refused.send(Self.get)
        #expect(try refused.answer().body.count == Self.answerBytes)
    }

    @Test func theSlowestBodyMakesWayForANewOne() throws {
        let server = try TestServer { configuration in
            configuration.limits.maximumBodyBytes = 1000
            configuration.maximumHeldBodyBytes = 2000
        }
        func post(_ number: UInt64, sending count: Int) throws -> Client {
            let client = try Client(to: server.address, from: "127.0.0.\(number + 2)")
            try client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n")
            #expect(try client.answer().status == 100)
            try client.send([UInt8](repeating: 1, count: count))
            return client
        }
        let quick = try post(0, sending: 500)
        let slow = try post(1, sending: 5)
        server.turn()
        server.advance(by: .seconds(1))
        let third = try post(2, sending: 1000)
        #expect(try third.answer().status == 200)
        #expect(try slow.answer().status == 408)
        try quick.send([UInt8](repeating: 1, count: 500))
        #expect(try quick.answer().status == 200)
        #expect(server.server.statistics.slowClients == 1)
    }

    @Test func aClientHoldsNoMoreAnswersThanItsShare() throws {
        let server = try server(holding: 8)
        let stalled = try (0..<2).map { try stall($0, server, from: "127.0.0.2") }
        let third = try Client(to: server.address, from: "127.0.0.2")
        try third.send(Self.get)
        let answer = try third.answer()
        #expect(answer.status == 429)
        #expect(answer.fields["retry-after"] == "1")
        try third.send("GET /small HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try third.answer().status == 200)
        let other = try Client(to: server.address, from: "127.0.0.3")
        try other.send(Self.get)
        #expect(try other.answer().body.count == Self.answerBytes)
        #expect(server.server.statistics.peerRefusals == 1)
        // What it has taken counts no more.
        for client in stalled { #expect(try client.answer().body.count == Self.answerBytes) }
        try third.send(Self.get)
        #expect(try third.answer().body.count == Self.answerBytes)
    }
}
