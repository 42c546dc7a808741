import Concurrency
import HTTP
import HTTPTypes
import TestClients
import Testing

@testable import HTTPServer

/// What bodies count while they come.
@Suite struct HeldBodyTests {
    private let first = EventLoop.Reserved.firstConnection
    private static let chunked = "Transfer-Encoding: chunked"

    private func server(holding count: Int, trusting proxies: [String] = []) throws -> TestServer {
        let trusted = try TrustedProxies(proxies)
        return try TestServer { configuration in
            configuration.limits.maximumBodyBytes = 100_000
            configuration.maximumHeldBodyBytes = count
            configuration.trustedProxies = trusted
        }
    }

    /// A client that was told to go on, and has sent so many bytes, which the server has read.
    private func begin(
        _ server: TestServer, _ fields: String = "Content-Length: 100000", sending count: Int = 0,
        from source: String = "127.0.0.1"
    ) throws -> Client {
        let client = try Client(to: server.address, from: source)
        try client.send("POST /a HTTP/1.1\r\nHost: a\r\n\(fields)\r\nExpect: 100-continue\r\n\r\n")
        #expect(try client.answer().status == 100)
        try send(count, to: server, by: client)
        return client
    }

    private func send(_ count: Int, behind line: String = "", to server: TestServer, by client: Client) throws {
        // In one call: the client's kernel would keep a second small one back until the first is acknowledged.
        try client.send(Array(line.utf8) + [UInt8](repeating: 1, count: count))
        // A turn reads 16 KiB of what has come.
        for _ in 0...(count >> 14) + 4 { server.turn() }
    }

    @Test func whatIsOnlyClaimedShutsNobodyOut() throws {
        let server = try server(holding: 200_000)
        let silent =
            try (0..<5).map { try begin(server, Self.chunked, from: "127.0.0.\($0 + 2)") } + [begin(server)]
        let other = try begin(server, sending: 100_000, from: "127.0.0.9")
        #expect(try other.answer().status == 200)
        #expect(server.server.statistics.slowClients == 0)
        withExtendedLifetime(silent) {}
    }

    @Test func aBodyThatFindsNoRoomOnItsWayIsRefusedAndGivesUpWhatItHeld() throws {
        let server = try server(holding: 150_000)
        let one = try begin(server, sending: 60_000, from: "127.0.0.2")
        let two = try begin(server, sending: 60_000, from: "127.0.0.3")
        try send(30_000, to: server, by: one)
        let answer = try one.answer()
        #expect(answer.status == 503)
        #expect(answer.fields["retry-after"] == "1")
        #expect(answer.fields["connection"] == "close")
        #expect(try one.reachesEnd())
        try send(40_000, to: server, by: two)
        #expect(try two.answer().status == 200)
        #expect(server.server.statistics.refusedRequests == 1)
    }

    @Test func whoIsSlowestMakesWayItself() throws {
        let server = try server(holding: 110_000)
        let slow = try begin(server, sending: 10, from: "127.0.0.2")
        let quick = try begin(server, "Content-Length: 62000", sending: 50_000, from: "127.0.0.3")
        server.advance(by: .seconds(1))
        // From 16 KiB to 32 it finds room; to 64 there is none.
        try send(20_000, to: server, by: slow)
        try send(20_000, to: server, by: slow)
        #expect(try slow.answer().status == 503)
        try send(12_000, to: server, by: quick)
        #expect(try quick.answer().status == 200)
        #expect(server.server.statistics.slowClients == 0)
    }

    @Test func theBodiesOfOneClientHaveAShare() throws {
        let server = try server(holding: 240_000)
        let whole = try begin(server, "Content-Length: 60000", sending: 50_000, from: "127.0.0.2")
        let second = try begin(server, Self.chunked, from: "127.0.0.2")
        let third = try begin(server, Self.chunked, from: "127.0.0.2")
        try send(30_000, behind: "7530\r\n", to: server, by: second)
        try send(100, behind: "64\r\n", to: server, by: third)
        let answer = try third.answer()
        #expect(answer.status == 429)
        #expect(answer.fields["retry-after"] == "1")
        #expect(answer.fields["connection"] == "close")
        #expect(answer.text.contains("more than 100000 bytes"))
        #expect(try third.reachesEnd())
        let fourth = try Client(to: server.address, from: "127.0.0.2")
        try fourth.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\nExpect: 100-continue\r\n\r\n")
        #expect(try fourth.answer().status == 429)
        let other = try begin(server, sending: 100_000, from: "127.0.0.3")
        #expect(try other.answer().status == 200)
        #expect(server.server.statistics.peerRefusals == 2)
        // A body that was answered counts no more.
        try send(10_000, to: server, by: whole)
        #expect(try whole.answer().status == 200)
        let next = try begin(server, "Content-Length: 60000", sending: 60_000, from: "127.0.0.2")
        #expect(try next.answer().status == 200)
        withExtendedLifetime(second) {}
    }

    @Test func behindATrustedProxyTheShareIsTheClients() throws {
        let server = try server(holding: 400_000, trusting: ["127.0.0.1"])
        func fields(_ client: String) -> String { "X-Forwarded-For: \(client)\r\nContent-Length: 100000" }
        let one = try begin(server, fields("192.0.2.1"), sending: 50_000)
        let refused = try server.client()
        try refused.send(
            "POST /a HTTP/1.1\r\nHost: a\r\n\(fields("192.0.2.1"))\r\nExpect: 100-continue\r\n\r\n")
        #expect(try refused.answer().status == 429)
        let other = try begin(server, fields("192.0.2.2"), sending: 100_000)
        #expect(try other.answer().status == 200)
        try send(50_000, to: server, by: one)
        #expect(try one.answer().status == 200)
    }

    @Test func aClientThatGoesGivesBackWhatItHeld() throws {
        let server = try server(holding: 100_000)
        let gone = try begin(server, sending: 50_000, from: "127.0.0.2")
        gone.reset()
        server.wait(for: .closed(first))
        let next = try begin(server, sending: 100_000, from: "127.0.0.3")
        #expect(try next.answer().status == 200)
    }
}

/// The count of bytes held for each client.
struct HeldBytesTests {
    @Test func countsInAllAndForEachClient() throws {
        let one = try #require(IPAddress("192.0.2.1"))
        let two = try #require(IPAddress("192.0.2.2"))
        var held = HeldBytes()
        var (first, second, third, local) = (HeldBytes.Part(), HeldBytes.Part(), HeldBytes.Part(), HeldBytes.Part())
        held.set(&first, to: 10, for: one)
        held.set(&second, to: 20, for: one)
        held.set(&third, to: 5, for: two)
        held.set(&local, to: 100, for: nil)
        #expect(held.total == 135 && held.clientCount == 2)
        #expect(held.others(than: first, of: one) == 20 && held.others(than: third, of: one) == 30)
        #expect(held.others(than: third, of: two) == 0 && held.others(than: first, of: nil) == 0)
        held.set(&first, to: 15, for: two)
        #expect(held.total == 140 && held.others(than: second, of: one) == 0)
        #expect(held.others(than: third, of: two) == 15)
        held.set(&first, to: 0, for: nil)
        held.set(&second, to: 0, for: nil)
        held.set(&third, to: 0, for: nil)
        #expect(held.total == 100 && held.clientCount == 0)
    }
}
