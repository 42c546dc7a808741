import Concurrency
import Glibc
import HTTP
import HTTPTypes
import Logging
import TestClients
import Testing

@testable import HTTPServer

/// System calls that fail n times, n growing: each is survived or reported.
@Suite struct FaultTests {
    private let faults = Faults()
    private let first = EventLoop.Reserved.firstConnection
    private static let request = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test(arguments: 1...6, [EINTR, EAGAIN])
    func readsAndWritesGoOn(times: Int, errno: Int32) throws {
        let server = try TestServer(syscalls: faults.syscalls)
        let client = try server.client()
        for _ in 0..<3 {
            faults.fail(.receive, with: errno, times: times)
            faults.fail(.send, with: errno, times: times)
            try client.send(Self.request)
            #expect(try client.answer().text == "GET /a")
        }
    }

    @Test(arguments: [1, 2, 7])
    func shortReadsAndWritesChangeNothing(size: Int) throws {
        faults.shorten(receive: size, send: size)
        let server = try TestServer(syscalls: faults.syscalls)
        let client = try server.client()
        try client.send(Self.request + Self.request)
        for _ in 0..<2 { #expect(try client.answer().text == "GET /a") }
    }

    @Test(arguments: 1...4, [EINTR, ECONNABORTED, EPROTO, ENETUNREACH])
    func acceptingGoesOnAfterOneBrokenConnection(times: Int, errno: Int32) throws {
        let server = try TestServer(syscalls: faults.syscalls)
        faults.fail(.accept, with: errno, times: times)
        let client = try server.client()
        try client.send(Self.request)
        #expect(try client.answer().text == "GET /a")
    }

    @Test(arguments: 1...3, [EMFILE, ENFILE, ENOBUFS, ENOMEM])
    func theListenerIsOutForATenthOfASecondWhenDescriptorsRunOut(times: Int, errno: Int32) throws {
        let server = try TestServer(syscalls: faults.syscalls)
        faults.fail(.accept, with: errno, times: times)
        let client = try server.client()
        try client.send(Self.request)
        for round in 1...times {
            server.wait(for: .acceptingPaused, count: round)
            server.turn()
            let waits = faults.count(of: .accept)
            server.advance(by: .milliseconds(99))
            #expect(faults.count(of: .accept) == waits)
            server.advance(by: .milliseconds(2))
            server.wait(for: .acceptingResumed, count: round)
        }
        #expect(try client.answer().text == "GET /a")
        #expect(server.log.values.filter { $0.level == .warning }.count == 1)
    }

    @Test func aListenerThatCannotBeWatchedAgainIsTriedAgain() throws {
        let server = try TestServer(syscalls: faults.syscalls)
        faults.fail(.accept, with: EMFILE, times: 1)
        let client = try server.client()
        try client.send(Self.request)
        server.wait(for: .acceptingPaused)
        server.turn()
        faults.fail(.controlPoll, with: ENOMEM, times: 1)
        server.advance(by: .milliseconds(101))
        server.wait(for: .acceptingPaused, count: 2)
        server.advance(by: .milliseconds(101))
        server.wait(for: .acceptingResumed)
        #expect(try client.answer().text == "GET /a")
    }

    @Test func aResetInAReadClosesTheConnection() throws {
        let server = try TestServer(syscalls: faults.syscalls)
        faults.fail(.receive, with: ECONNRESET, times: 1)
        let client = try server.client()
        try client.send(Self.request)
        server.wait(for: .closed(first))
        let other = try server.client()
        try other.send(Self.request)
        #expect(try other.answer().text == "GET /a")
    }

    @Test(arguments: [EPIPE, ECONNRESET, ETIMEDOUT, ENOBUFS])
    func aFailedWriteClosesTheConnection(errno: Int32) throws {
        let server = try TestServer(syscalls: faults.syscalls)
        faults.fail(.send, with: errno, times: 1)
        let client = try server.client()
        try client.send(Self.request)
        server.wait(for: .closed(first))
        let line = try #require(server.accessLines(1).first)
        #expect(line["bytes"] == "0")
        let other = try server.client()
        try other.send(Self.request)
        #expect(try other.answer().text == "GET /a")
    }

    @Test func aConnectionThatCannotBeWatchedIsClosedAndReported() throws {
        let server = try TestServer(syscalls: faults.syscalls)
        let before = faults.openDescriptors
        faults.fail(.controlPoll, with: ENOSPC, times: 1)
        let client = try server.client()
        #expect(try client.reachesEnd())
        #expect(server.log.wait { $0.contains { $0.message.contains("a new connection is closed") } })
        #expect(faults.openDescriptors == before)
    }

    @Test(arguments: 1...5)
    func waitingGoesOnAfterASignal(times: Int) throws {
        let server = try TestServer(syscalls: faults.syscalls)
        faults.fail(.waitPoll, with: EINTR, times: times)
        let client = try server.client()
        try client.send(Self.request)
        #expect(try client.answer().text == "GET /a")
    }

    @Test func aBrokenPollStopsTheServerAndIsReported() throws {
        let server = try TestServer(syscalls: faults.syscalls)
        let client = try server.client()
        server.wait(for: .accepted(first))
        faults.fail(.waitPoll, with: EBADF, times: 1)
        server.server.wake()
        server.server.waitUntilStopped()
        #expect(server.server.failure == .system(call: "epoll_wait", errno: EBADF))
        #expect(try client.reachesEnd())
        #expect(server.log.values.contains { $0.level == .critical })
    }

    @Test(arguments: [Faults.Call.createCounter, .createPoll, .listen, .boundPort, .controlPoll])
    func aFailedStartLeavesNothingOpen(call: Faults.Call) throws {
        faults.fail(call, with: EMFILE, times: 1)
        let error = #expect(throws: HTTPServerError.self) { try TestServer(syscalls: faults.syscalls) }
        #expect(error?.description.contains("too many open files") == true)
        #expect(faults.openDescriptors == 0)
    }

    @Test func saysThatAnAddressIsInUse() throws {
        let server = try TestServer()
        var configuration = ServerConfiguration()
        configuration.addresses = [try ListenAddress("[::1]:0"), server.address]
        let other = Server(
            configuration: configuration, logger: Logger(label: "test"), time: MonotonicTime(), handler: TestHandler(),
            syscalls: faults.syscalls, observe: nil)
        let expected = HTTPServerError.cannotListen(address: "\(server.address)", errno: EADDRINUSE)
        #expect(throws: expected) { try other.start() }
        #expect(faults.openDescriptors == 0)
    }
}
