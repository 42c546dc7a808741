import Concurrency
import Glibc
import HTTP
import HTTPTypes
import Logging
import TestClients
import Testing

@testable import HTTPServer

@Suite struct DrainTests {
    private let first = EventLoop.Reserved.firstConnection

    @Test func answersWhatIsRunningAndThenStops() throws {
        let gate = Gate()
        let server = try TestServer(handler: gate.handler)
        let client = try server.client()
        try client.send("GET /running HTTP/1.1\r\nHost: a\r\n\r\n")
        gate.awaitEntry()
        server.server.drain()
        server.wait(for: .draining)
        #expect(throws: ClientError.system("connect", ECONNREFUSED)) { try server.client() }
        gate.open()
        let answer = try client.answer()
        #expect(answer.text == "GET /running")
        #expect(answer.fields["connection"] == "close")
        #expect(try client.reachesEnd())
        server.server.waitUntilStopped()
        #expect(server.server.statistics.connections == 0)
        #expect(server.server.failure == nil)
    }

    @Test func closesIdleConnectionsAfterAMomentOfGrace() throws {
        let server = try TestServer()
        let idle = try server.client()
        try idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try idle.answer().status == 200)
        server.advance(by: .seconds(5))
        let active = try server.client()
        try active.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try active.answer().status == 200)
        let silent = try server.client()
        server.wait(for: .accepted(first + 2))
        server.server.drain()
        server.wait(for: .closed(first))
        #expect(try idle.reachesEnd())
        // What an active client sends meanwhile is still answered.
        try active.send("GET /last HTTP/1.1\r\nHost: a\r\n\r\n")
        let answer = try active.answer()
        #expect(answer.text == "GET /last")
        #expect(answer.fields["connection"] == "close")
        #expect(try active.reachesEnd())
        server.advance(by: .seconds(1.1))
        #expect(try silent.reachesEnd())
        server.server.waitUntilStopped()
    }

    @Test func closesEverythingAtTheLimit() throws {
        let gate = Gate()
        let server = try TestServer(handler: gate.handler)
        let client = try server.client()
        try client.send("GET /running HTTP/1.1\r\nHost: a\r\n\r\n")
        gate.awaitEntry()
        server.server.drain(within: .seconds(30))
        server.wait(for: .draining)
        server.advance(by: .seconds(29))
        #expect(server.server.statistics.connections == 1)
        server.time.advance(by: .seconds(2))
        server.server.wake()
        server.server.waitUntilStopped()
        #expect(gate.tokens.first?.reason == .cancelled)
        #expect(throws: (any Error).self) { try client.answer() }
    }

    @Test func aSecondCallMayShortenTheLimitOnly() throws {
        let gate = Gate()
        let server = try TestServer(handler: gate.handler)
        let client = try server.client()
        try client.send("GET /running HTTP/1.1\r\nHost: a\r\n\r\n")
        gate.awaitEntry()
        server.server.drain(within: .seconds(10))
        server.server.drain(within: .seconds(100))
        server.server.drain(within: .seconds(5))
        server.wait(for: .draining)
        server.turn()
        server.time.advance(by: .seconds(5.1))
        server.server.wake()
        server.server.waitUntilStopped()
    }

    @Test func goesOnAsBeforeUntilTheDelayIsOver() throws {
        let server = try TestServer { $0.drainDelay = .seconds(5) }
        #expect(!server.server.statistics.isDraining)
        server.server.drain()
        server.turn()
        #expect(server.server.statistics.isDraining)
        server.advance(by: .seconds(4.9))
        let client = try server.client()
        try client.send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n")
        let answer = try client.answer()
        #expect(answer.status == 200)
        #expect(answer.fields["connection"] == nil)
        server.time.advance(by: .seconds(0.2))
        server.server.wake()
        server.wait(for: .draining)
        server.time.advance(by: .seconds(1.1))
        server.server.wake()
        server.server.waitUntilStopped()
    }

    @Test func anExplicitLimitDoesNotWaitForTheDelay() throws {
        let server = try TestServer { $0.drainDelay = .seconds(60) }
        server.server.drain()
        server.server.drain(within: .seconds(1))
        server.wait(for: .draining)
        server.server.waitUntilStopped()
    }

    @Test func connectionsTheKernelHasTakenAreAnswered() throws {
        let faults = Faults()
        let server = try TestServer(syscalls: faults.syscalls)
        // With the listener out, this client is left in the backlog.
        faults.fail(.accept, with: EMFILE, times: 1)
        let client = try server.client()
        server.wait(for: .acceptingPaused)
        try client.send("GET /waiting HTTP/1.1\r\nHost: a\r\n\r\n")
        server.server.drain()
        #expect(try client.answer().text == "GET /waiting")
        server.server.waitUntilStopped()
        #expect(faults.openDescriptors == 1)  // the mailbox's, which lives as long as the server
    }

    @Test func aServerDrainedBeforeItsStartStopsAtOnce() throws {
        var configuration = ServerConfiguration()
        configuration.addresses = [try ListenAddress("127.0.0.1:0")]
        let server = Server(configuration: configuration, logger: Logger(label: "test"), handler: TestHandler())
        server.drain()
        server.waitUntilStopped()
        #expect(try server.start().count == 1)
        server.waitUntilStopped()
        #expect(throws: HTTPServerError.alreadyStarted) { try server.start() }
    }
}
