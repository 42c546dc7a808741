import Concurrency
import Glibc
import HTTP
import HTTPTypes
import TestClients
import Testing

@testable import HTTPServer

@Suite struct TLSTransferTests {
    private let first = EventLoop.Reserved.firstConnection

    /// Answers with the body it was sent, or with as many bytes as the query says.
    private static func echo() -> TestHandler {
        var handler = TestHandler()
        handler.respond = { request, _ in
            let count = request.target.query.first.flatMap { Int($0.name) }
            let body = count.map { count in (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7) } } ?? request.body
            return Response(status: .ok, body: body)
        }
        return handler
    }

    @Test func aStalledReaderHoldsOneAnswerHoweverMuchItPipelines() throws {
        let answered = Guarded(0)
        let handler = TestHandler.numbering(answered, bytes: 8 << 20)
        let fixture = try TLSFixture(handler: handler)
        let client = try fixture.client(receiveBytes: 4096)
        try client.send((0..<4).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
        fixture.server.wait(for: .stalled(first))
        for _ in 0..<10 { fixture.server.turn() }
        #expect(answered.withLock { $0 } == 1)
        for number in 1...4 {
            let body = try client.answer().body
            #expect(body.count == 8 << 20)
            #expect(body.allSatisfy { $0 == UInt8(number) })
        }
    }

    @Test(arguments: [12, 13] as [Int32], [1, 16_383, 16_384, 16_385, 131_072, 3_000_001])
    func bodiesComeAndGoUnchanged(version: Int32, count: Int) throws {
        let fixture = try TLSFixture(handler: Self.echo())
        let client = try fixture.client { ($0.minimum, $0.maximum) = (version, version) }
        let body = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        for _ in 0..<2 {
            try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: \(count)\r\n\r\n")
            try client.send(body)
            #expect(try client.answer().body == body)
        }
    }

    @Test(arguments: [1, 3, 5, 100, 16_000])
    func survivesAKernelThatTakesAndGivesLittle(count: Int) throws {
        let faults = Faults()
        faults.shorten(receive: count, send: count)
        let fixture = try TLSFixture(handler: Self.echo(), faults: faults)
        for version in [12, 13] as [Int32] {
            let client = try fixture.client { ($0.minimum, $0.maximum) = (version, version) }
            #expect(try client.get("/?40000").body.count == 40_000)
        }
    }

    @Test(arguments: 0..<20)
    func survivesCallsThatFailForAMoment(times: Int) throws {
        let faults = Faults()
        let fixture = try TLSFixture(handler: Self.echo(), faults: faults)
        for version in [12, 13] as [Int32] {
            for _ in 0..<times {
                faults.fail(.send, with: EINTR, times: 1)
                faults.fail(.send, with: EAGAIN, times: 1)
                faults.fail(.receive, with: EAGAIN, times: 1)
                faults.fail(.receive, with: EINTR, times: 1)
            }
            let client = try fixture.client { ($0.minimum, $0.maximum) = (version, version) }
            #expect(try client.get("/?200000").body.count == 200_000)
        }
    }

    @Test(arguments: 0..<8)
    func aConnectionThatBreaksAnywhereIsClosedAndNothingLeaks(call: Int) throws {
        let faults = Faults()
        let fixture = try TLSFixture(handler: Self.echo(), faults: faults)
        for (kind, error) in [(Faults.Call.send, EPIPE), (.receive, ECONNRESET)] {
            // Ends of calls that succeed otherwise.
            faults.fail(kind, with: EINTR, times: call)
            faults.fail(kind, with: error, times: 1)
            #expect(throws: (any Error).self) {
                let client = try fixture.client()
                while true { _ = try client.get("/?100") }
            }
        }
        #expect(
            fixture.server.events.wait { events in
                events.filter { if case .closed = $0 { true } else { false } }.count == 2
            })
        #expect(try fixture.client().get("/?1").body.count == 1)
    }

    @Test func aClientThatHasGoneIsFoundOutAndItsRequestStopped() throws {
        let gate = Gate()
        let fixture = try TLSFixture(handler: gate.handler)
        // With TLS 1.3 the tickets it has not read would make its close a reset.
        let client = try fixture.client { $0.maximum = 12 }
        try client.send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n")
        gate.awaitEntry()
        client.end()
        client.client.close()
        fixture.server.wait(for: .halfClosed(first))
        fixture.server.advance(by: .milliseconds(51))
        fixture.server.wait(for: .closed(first))
        #expect(gate.tokens.first?.reason == .cancelled)
    }

    @Test func aClientThatHasEndedItsSideIsStillAnswered() throws {
        let gate = Gate()
        let fixture = try TLSFixture(handler: gate.handler)
        let client = try fixture.client()
        try client.send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n")
        gate.awaitEntry()
        client.end()
        client.client.shutdownWrite()
        fixture.server.wait(for: .halfClosed(first))
        for _ in 0..<3 { fixture.server.advance(by: .milliseconds(51)) }
        gate.open()
        #expect(try client.answer().status == 100)
        #expect(try client.answer().text == "GET /long")
        #expect(try client.reachesEnd())
    }

    @Test func saysThatNothingMoreComes() throws {
        let fixture = try TLSFixture(handler: Self.echo())
        let closing = try fixture.client()
        try closing.send("GET /?5 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(try closing.answer().body.count == 5)
        #expect(try closing.reachesEnd())
        let refused = try fixture.client()
        try refused.send("GET / HTTP/1.1\r\n\r\n")
        #expect(try refused.answer().status == 400)
        #expect(try refused.reachesEnd())
        let ended = try fixture.client()
        ended.end()
        #expect(try ended.reachesEnd())
    }

    @Test func drainsAsWithoutTLS() throws {
        let gate = Gate()
        let fixture = try TLSFixture(handler: gate.handler)
        let idle = try fixture.client()
        gate.open()
        #expect(try idle.get("/").status == 200)
        gate.awaitEntry()
        fixture.server.advance(by: .seconds(5))
        let client = try fixture.client()
        try client.send("GET /running HTTP/1.1\r\nHost: a\r\n\r\n")
        gate.awaitEntry()
        fixture.server.server.drain()
        #expect(try idle.reachesEnd())
        gate.open()
        #expect(try client.answer().fields["connection"] == "close")
        #expect(try client.reachesEnd())
        fixture.server.server.waitUntilStopped()
        #expect(fixture.server.server.failure == nil)
    }
}
