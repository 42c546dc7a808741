import Concurrency
import Glibc
import HTTP
import HTTPTypes
import TestClients
import Testing

@testable import HTTPServer

@Suite struct ConnectionLimitTests {
    private let first = EventLoop.Reserved.firstConnection

    @Test func aNewClientTakesThePlaceOfTheOneIdleForLongest() throws {
        let server = try TestServer { $0.maximumConnections = 2 }
        let clients = [try server.client(), try server.client()]
        for client in clients {
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.answer().status == 200)
            server.advance(by: .seconds(1))
        }
        try clients[0].send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try clients[0].answer().status == 200)
        let third = try server.client()
        try third.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try third.answer().status == 200)
        #expect(try clients[1].reachesEnd())
        // A client closes its connection when it goes, and an optimised build lets it go after its last use.
        withExtendedLifetime((clients, third)) { #expect(server.server.statistics.connections == 2) }
    }

    @Test func aNewClientWaitsWhileAllAreBusy() throws {
        let gate = Gate()
        let server = try TestServer(handler: gate.handler) { $0.maximumConnections = 1 }
        let busy = try server.client()
        try busy.send("GET /busy HTTP/1.1\r\nHost: a\r\n\r\n")
        gate.awaitEntry()
        let waiting = try server.client()
        try waiting.send("GET /waiting HTTP/1.1\r\nHost: a\r\n\r\n")
        server.wait(for: .acceptingPaused)
        gate.open(2)
        #expect(try busy.answer().text == "GET /busy")
        busy.close()
        // The closed connection brings the listener back, not the clock, which stands still.
        #expect(try waiting.answer().text == "GET /waiting")
    }

    @Test func anIdleConnectionMakesRoomForOneThatWaits() throws {
        let gate = Gate()
        let server = try TestServer(handler: gate.handler) { $0.maximumConnections = 1 }
        let busy = try server.client()
        try busy.send("GET /busy HTTP/1.1\r\nHost: a\r\n\r\n")
        gate.awaitEntry()
        let waiting = try server.client()
        try waiting.send("GET /waiting HTTP/1.1\r\nHost: a\r\n\r\n")
        server.wait(for: .acceptingPaused)
        gate.open(2)
        #expect(try busy.answer().text == "GET /busy")
        server.turn()
        server.advance(by: .milliseconds(101))
        #expect(try busy.reachesEnd())
        #expect(try waiting.answer().text == "GET /waiting")
    }

    @Test func fortyConnectionsAreServedThoughOnlyFourAreAcceptedATurn() throws {
        let server = try TestServer { $0.maximumAcceptsPerTurn = 4 }
        let clients = try (0..<40).map { _ in try server.client() }
        for client in clients { try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n") }
        for client in clients { #expect(try client.answer().status == 200) }
    }

    @Test func nothingIsLeftOfConnectionsThatWereReset() throws {
        let faults = Faults()
        let server = try TestServer(syscalls: faults.syscalls)
        let before = faults.openDescriptors
        for number in 0..<1000 {
            let client = try server.client()
            if number.isMultiple(of: 2) { try client.send("GET / HTTP/1.1\r\nHo") }
            client.reset()
        }
        // The last one is served after all those before it.
        let last = try server.client()
        try last.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try last.answer().status == 200)
        last.close()
        #expect(
            server.events.wait { events in
                events.filter { if case .closed = $0 { true } else { false } }.count
                    == events.filter { if case .accepted = $0 { true } else { false } }.count
            })
        #expect(faults.openDescriptors == before)
        #expect(server.server.statistics.connections == 0)
    }
}
