import Concurrency
import HTTP
import HTTPTypes
import TestClients
import Testing

@testable import HTTPServer

@Suite struct PeerLimitTests {
    private let first = EventLoop.Reserved.firstConnection
    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    private func idle(_ count: Int, _ server: TestServer, from source: String = "127.0.0.1") throws -> [Client] {
        try (0..<count).map { _ in
            let client = try Client(to: server.address, from: source)
            try client.send(Self.get)
            #expect(try client.answer().status == 200)
            return client
        }
    }

    @Test func aPeerWithTooManyConnectionsIsToldSoAndOthersAreServed() throws {
        let server = try TestServer { $0.maximumConnectionsPerPeer = 2 }
        let open = try idle(2, server)
        let third = try server.client()
        try third.send(Self.get)
        let answer = try third.answer()
        #expect(answer.status == 429)
        #expect(answer.fields["retry-after"] == "1")
        #expect(answer.fields["connection"] == "close")
        #expect(answer.text.contains("more than 2 connections"))
        #expect(try third.reachesEnd())
        _ = try idle(1, server, from: "127.0.0.2")
        try open[1].send(Self.get)
        #expect(try open[1].answer().status == 200)
        open[0].close()
        server.wait(for: .closed(first))
        _ = try idle(1, server)
        #expect(server.server.statistics.peerRefusals == 1)
    }

    @Test func aRequestWithABodyIsRefusedBeforeItIsSent() throws {
        let server = try TestServer { $0.maximumConnectionsPerPeer = 1 }
        let open = try idle(1, server)
        let second = try server.client()
        try second.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n")
        #expect(try second.answer().status == 429)
        #expect(try second.reachesEnd())
        withExtendedLifetime(open) {}
    }

    @Test func aConnectionOverTheLimitIsServedWhenOthersHaveClosed() throws {
        let server = try TestServer { $0.maximumConnectionsPerPeer = 1 }
        let open = try idle(1, server)
        let second = try server.client()
        server.wait(for: .accepted(first + 1))
        open[0].close()
        server.wait(for: .closed(first))
        try second.send(Self.get)
        #expect(try second.answer().status == 200)
    }

    @Test func aPeerHoldsNoMorePlacesHoweverMuchItConnects() throws {
        let server = try TestServer { $0.maximumConnectionsPerPeer = 3 }
        let most = 3 + EventLoop.spareConnections
        let clients = try (0..<most).map { _ in try server.client() }
        server.wait(for: .accepted(first + UInt64(most - 1)))
        let closed = try (0..<5).map { _ in try server.client() }
        for client in closed { #expect(try client.reachesEnd()) }
        #expect(server.server.statistics.connections == most)
        #expect(server.server.statistics.peerRefusals == 5)
        withExtendedLifetime(clients) {}
    }

    @Test func thePeerWithMostConnectionsMakesWay() throws {
        let server = try TestServer { $0.maximumConnections = 6 }
        let modest = try idle(2, server, from: "127.0.0.2")
        server.advance(by: .seconds(1))
        let greedy = try (0..<4).map { _ in
            defer { server.advance(by: .seconds(1)) }
            return try idle(1, server, from: "127.0.0.3")[0]
        }
        let others = try ["127.0.0.4", "127.0.0.5"].map { try idle(1, server, from: $0) }
        // Idle for longer, and still there.
        for client in modest {
            try client.send(Self.get)
            #expect(try client.answer().status == 200)
        }
        for client in greedy.prefix(2) { #expect(try client.reachesEnd()) }
        withExtendedLifetime((greedy, others)) {}
    }

    @Test func unixSocketsAreExempt() throws {
        let folder = try TemporaryFolder()
        let address = try ListenAddress("unix:\(folder.path)/a.sock")
        let server = try TestServer { configuration in
            configuration.addresses = [address]
            configuration.maximumConnectionsPerPeer = 1
        }
        for client in try (0..<3).map({ _ in try server.client() }) {
            try client.send(Self.get)
            #expect(try client.answer().status == 200)
        }
    }
}

/// Clients of a trusted proxy.
@Suite struct ForwardedClientTests {
    private let first = EventLoop.Reserved.firstConnection

    private func server(_ handler: TestHandler = TestHandler(), limit: Int = 256) throws -> TestServer {
        let trusted = try TrustedProxies(["127.0.0.1"])
        return try TestServer(handler: handler) { configuration in
            configuration.trustedProxies = trusted
            configuration.maximumConnectionsPerPeer = limit
            configuration.handlerCount = 4
        }
    }

    private func get(_ path: String, for client: String) -> String {
        "GET \(path) HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: \(client)\r\nX-Forwarded-Proto: https\r\n\r\n"
    }

    private func describing() -> TestHandler {
        var handler = TestHandler()
        handler.respond = { request, _ in
            Response(status: .ok, contentType: "text/plain", text: "\(request.scheme) \(request.peer)")
        }
        return handler
    }

    @Test func handlersAndLogsSeeTheClient() throws {
        let server = try server(describing())
        let proxy = try server.client()
        for client in ["192.0.2.1", "2001:db8::7"] {
            try proxy.send(get("/", for: client))
            #expect(try proxy.answer().text == "https \(client)")
        }
        try proxy.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try proxy.answer().text == "http 127.0.0.1")
        #expect(server.accessLines(3).map { $0["peer"] } == ["192.0.2.1", "2001:db8::7", "127.0.0.1"])
    }

    @Test func nobodyElseIsBelieved() throws {
        let server = try server(describing())
        let client = try Client(to: server.address, from: "127.0.0.2")
        try client.send(get("/", for: "192.0.2.1"))
        #expect(try client.answer().text == "http 127.0.0.2")
        #expect(server.accessLines(1)[0]["peer"] == "127.0.0.2")
    }

    @Test func itsConnectionsAreNotLimitedButTheRequestsOfAClientAre() throws {
        let gate = Gate()
        let server = try server(gate.handler, limit: 2)
        let proxies = try (0..<4).map { _ in try server.client() }
        for number in 0..<2 {
            try proxies[number].send(get("/\(number)", for: "192.0.2.1"))
            gate.awaitEntry(number + 1)
        }
        try proxies[2].send(get("/2", for: "192.0.2.1"))
        let refused = try proxies[2].answer()
        #expect(refused.status == 429)
        #expect(refused.fields["retry-after"] == "1")
        #expect(refused.fields["connection"] == nil)
        try proxies[3].send(get("/3", for: "192.0.2.2"))
        gate.awaitEntry(3)
        gate.open(3)
        for number in [0, 1, 3] { #expect(try proxies[number].answer().text == "GET /\(number)") }
        gate.open()
        try proxies[2].send(get("/again", for: "192.0.2.1"))
        #expect(try proxies[2].answer().text == "GET /again")
    }

    @Test func aClientThatGoesGivesItsPlaceBack() throws {
        let gate = Gate()
        let server = try server(gate.handler, limit: 1)
        let gone = try server.client()
        try gone.send(get("/gone", for: "192.0.2.1"))
        gate.awaitEntry()
        gone.reset()
        server.wait(for: .closed(first))
        gate.open()
        let next = try server.client()
        try next.send(get("/next", for: "192.0.2.1"))
        #expect(try next.answer().status == 200)
    }
}
