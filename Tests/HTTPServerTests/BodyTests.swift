import Concurrency
import HTTP
import HTTPTypes
import TestClients
import Testing

@testable import HTTPServer

@Suite struct BodyTests {
    private static func echo() -> TestHandler {
        var handler = TestHandler()
        handler.respond = { request, _ in Response(status: .ok, body: request.body) }
        return handler
    }

    @Test func returnsALargeBodyByteForByte() throws {
        let server = try TestServer(handler: Self.echo())
        let client = try server.client()
        let body = (0..<(9 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        try client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n")
        try client.send(body)
        #expect(try client.answer().body == body)
    }

    @Test(arguments: [false, true]) func readsLongBodiesIntoTheStorageOfEarlierOnes(isImmediate: Bool) throws {
        var handler = Self.echo()
        if isImmediate { handler.immediate = { Response(status: .ok, body: $0.body) } }
        let server = try TestServer(handler: handler)
        let client = try server.client()
        for (round, count) in [300_000, 70_000, 200_000, 10, 0, 300_000].enumerated() {
            let body = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3 &+ round) }
            try client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: \(count)\r\n\r\n")
            try client.send(body)
            #expect(try client.answer().body == body)
        }
    }

    @Test func readsChunks() throws {
        let server = try TestServer(handler: Self.echo())
        let client = try server.client()
        try client.send("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
        try client.send("6\r\n world\r\n0\r\n\r\n")
        #expect(try client.answer().text == "hello world")
    }

    @Test func asksForTheBodyWhereTheClientWaits() throws {
        let server = try TestServer(handler: Self.echo())
        let client = try server.client()
        try client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        #expect(try client.answer().status == 100)
        try client.send("hello")
        #expect(try client.answer().text == "hello")
    }

    @Test func refusesATooLargeBodyWithoutReadingIt() throws {
        let server = try TestServer { $0.limits.maximumBodyBytes = 1000 }
        let client = try server.client()
        try client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n")
        let answer = try client.answer()
        #expect(answer.status == 413)
        #expect(answer.fields["connection"] == "close")
        #expect(try client.reachesEnd())
    }

    @Test func letsTheHandlerRefuseBeforeTheBodyIsRead() throws {
        var handler = TestHandler()
        handler.refusal = { head in
            head.fields[.authorization] == nil ? Response(status: .unauthorized) : nil
        }
        let server = try TestServer(handler: handler)
        let client = try server.client()
        try client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n")
        #expect(try client.answer().status == 401)
        #expect(try client.reachesEnd())
        let other = try server.client()
        try other.send("POST /a HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\nContent-Length: 1\r\n\r\n1")
        #expect(try other.answer().status == 200)
    }

    @Test func theAnswerSurvivesABodyThatIsSentAllTheSame() throws {
        let server = try TestServer { $0.limits.maximumBodyBytes = 1000 }
        let client = try server.client()
        try client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n")
        try client.send([UInt8](repeating: 1, count: 500_000))
        // Had the server closed at once, the kernel would have answered these bytes with a reset.
        #expect(try client.answer().status == 413)
        #expect(try client.reachesEnd())
    }

    @Test func holdsNoMoreBodyBytesThanItMay() throws {
        let gate = Gate()
        let server = try TestServer(handler: gate.handler) { configuration in
            configuration.limits.maximumBodyBytes = 1000
            configuration.maximumHeldBodyBytes = 1500
        }
        var hosts = (2...9).makeIterator()
        func post(_ fields: String, _ body: String) throws -> Client {
            let client = try Client(to: server.address, from: "127.0.0.\(hosts.next() ?? 1)")
            try client.send("POST /a HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n\(body)")
            return client
        }
        let first = try post("Content-Length: 1000", String(repeating: "a", count: 1000))
        gate.awaitEntry()
        let second = try post("Content-Length: 501\r\nExpect: 100-continue", "")
        #expect(try second.answer().status == 503)
        let chunked = try post("Transfer-Encoding: chunked\r\nExpect: 100-continue", "")
        #expect(try chunked.answer().status == 503)
        // The allocator rounds up.
        let third = try post("Content-Length: 450", String(repeating: "a", count: 450))
        gate.awaitEntry(2)
        gate.open(2)
        #expect(try first.answer().status == 200)
        #expect(try third.answer().status == 200)
        gate.open()
        let fourth = try post("Transfer-Encoding: chunked", "1\r\na\r\n0\r\n\r\n")
        #expect(try fourth.answer().status == 200)
    }
}
