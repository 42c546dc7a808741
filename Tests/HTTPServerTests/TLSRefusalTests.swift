import Concurrency
import HTTP
import HTTPTypes
import TestClients
import Testing

@testable import HTTPServer

@Suite struct TLSRefusalTests {
    private let first = EventLoop.Reserved.firstConnection
    /// The beginning of a ClientHello of 512 bytes.
    private let hello: [UInt8] = [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3]

    @Test(arguments: 0...11)
    func halfAHandshakeIsClosedAtTheDeadlineOfTheHeader(count: Int) throws {
        let fixture = try TLSFixture { server, _, _ in server.headerTimeout = .seconds(10) }
        let client = try fixture.server.client()
        fixture.server.wait(for: .accepted(first))
        try client.send(Array(hello.prefix(count)))
        fixture.server.advance(by: .seconds(9.9))
        #expect(fixture.server.server.statistics.connections == 1)
        fixture.server.advance(by: .seconds(0.2))
        #expect(try client.reachesEnd())
        #expect(fixture.server.server.statistics.connections == 0)
    }

    @Test func aHandshakeThatTricklesInDoesNotMoveTheDeadline() throws {
        let fixture = try TLSFixture { server, _, _ in server.headerTimeout = .seconds(10) }
        let client = try fixture.server.client()
        fixture.server.wait(for: .accepted(first))
        for byte in hello {
            try client.send([byte])
            fixture.server.advance(by: .milliseconds(900))
        }
        fixture.server.advance(by: .milliseconds(200))
        #expect(try client.reachesEnd())
    }

    @Test func anEndWithinTheHandshakeClosesTheConnection() throws {
        let fixture = try TLSFixture()
        let client = try fixture.server.client()
        try client.send(hello)
        client.shutdownWrite()
        #expect(try client.reachesEnd())
    }

    @Test(arguments: [
        [UInt8](repeating: 0, count: 64), [UInt8](repeating: 0xFF, count: 100_000),
        [0x16, 3, 1, 0, 4, 0xFF, 0, 0, 0], [0x16, 3, 1, 0xFF, 0xFF], [0x15, 3, 1, 0, 2, 2, 40], [0x80, 0x2E, 1, 3, 1],
        Array("SSH-2.0-OpenSSH_9\r\n".utf8),
    ])
    func garbageIsRefusedAndNotReset(bytes: [UInt8]) throws {
        let fixture = try TLSFixture()
        let client = try fixture.server.client()
        try client.send(bytes)
        client.shutdownWrite()
        #expect(!client.isReset())
        fixture.server.wait(for: .closed(first))
        #expect(try fixture.client().get("/").status == 200)
    }

    @Test func whatFollowsARefusalIsDroppedForAMoment() throws {
        let fixture = try TLSFixture { server, _, _ in server.lingerTimeout = .seconds(2) }
        let client = try fixture.server.client()
        for _ in 0..<20 {
            try client.send([UInt8](repeating: 0, count: 10_000))
            fixture.server.turn()
        }
        #expect(fixture.server.server.statistics.connections == 1)
        fixture.server.advance(by: .seconds(2.1))
        fixture.server.wait(for: .closed(first))
        #expect(fixture.server.server.statistics.tlsFailures == 1)
        #expect(fixture.server.log.values.contains { $0.message.hasPrefix("TLS with 127.0.0.1 failed: ") })
    }

    @Test func aBrokenRecordEndsTheConnection() throws {
        let fixture = try TLSFixture()
        let client = try fixture.client()
        #expect(try client.get("/").status == 200)
        try client.client.send([0x17, 3, 3, 0, 32] + [UInt8](repeating: 1, count: 32))
        #expect(throws: TLSFailure(reason: "sslv3 alert bad record mac")) { try client.answer() }
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde",
        "DELETE /images/1 HTTP/1.1\r\n\r\n", "OPTIONS * HTTP/1.1\r\n\r\n", "CONNECT a:443 HTTP/1.1\r\n\r\n",
    ])
    func aPlainRequestIsToldThatThisIsAnHTTPSPort(request: String) throws {
        let fixture = try TLSFixture()
        let client = try fixture.server.client()
        try client.send(request)
        let answer = try client.answer()
        #expect(answer.status == 400)
        #expect(answer.text.contains("the plain HTTP request was sent to an HTTPS port"), "\(answer.text)")
        #expect(answer.fields["connection"] == "close")
        #expect(try client.reachesEnd())
    }

    @Test func plainAndTLSListenersStandSideBySide() throws {
        let folder = try TemporaryFolder()
        let identity = try Identity("localhost")
        let server = try TestServer {
            let addresses = ["http://127.0.0.1:0", "https://127.0.0.1:0", "127.0.0.1:0"]
            $0.addresses = addresses.compactMap { try? ListenAddress($0) }
            $0.tls = try? TLSConfiguration(
                certificateFile: folder.write(identity.certificate, to: "c.pem"),
                keyFile: folder.write(identity.key, to: "k.pem"))
        }
        try #require(server.addresses.map(\.isTLS) == [false, true, false])
        for address in [server.addresses[0], server.addresses[2]] {
            let client = try Client(to: address)
            try client.send("GET /plain HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.answer().text == "GET /plain")
        }
        #expect(
            try TLSClient(to: server.addresses[1], TLSClient.Options(authority: identity)).get("/s").text == "GET /s")
    }
}
