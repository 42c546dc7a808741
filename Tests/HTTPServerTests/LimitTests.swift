import Concurrency
import Foundation
import HTTP
import HTTPTypes
import Logging
import TestClients
import Testing

@testable import HTTPServer

/// Each limit and what a client is told over it.
@Suite struct LimitTests {
    private let first = EventLoop.Reserved.firstConnection

    private struct Case: CustomTestStringConvertible, Sendable {
        var status: Int
        var request: String
        var configure: @Sendable (inout ServerConfiguration) -> Void = { _ in }
        var testDescription: String { "\(status)" }
    }

    private static let cases = [
        Case(status: 413, request: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n") {
            $0.limits.maximumBodyBytes = 1000
        },
        Case(status: 413, request: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3E9\r\n") {
            $0.limits.maximumBodyBytes = 1000
        },
        Case(status: 414, request: "GET /\(String(repeating: "a", count: 100)) HTTP/1.1\r\nHost: a\r\n\r\n") {
            $0.limits.maximumRequestLineBytes = 100
        },
        Case(status: 431, request: "GET / HTTP/1.1\r\nHost: a\r\nA: \(String(repeating: "a", count: 200))\r\n\r\n") {
            $0.limits.maximumHeaderBytes = 200
        },
        Case(
            status: 431,
            request: "GET / HTTP/1.1\r\nHost: a\r\n\((0..<100).map { "A: \($0)\r\n" }.joined())\r\n"),
    ]

    @Test(arguments: cases)
    private func tellsTheClientAndCloses(limit: Case) throws {
        let server = try TestServer { limit.configure(&$0) }
        let client = try server.client()
        try client.send(limit.request)
        let answer = try client.answer()
        #expect(answer.status == limit.status)
        #expect(answer.fields["connection"] == "close")
        #expect(try client.reachesEnd())
        #expect(server.accessLines(1)[0]["status"] == "\(limit.status)")
    }

    @Test func aRequestThatWaitsTooLongForAHandlerIsRefused() throws {
        let gate = Gate()
        let server = try TestServer(handler: gate.handler) { configuration in
            configuration.handlerCount = 1
            configuration.queueTimeout = .seconds(30)
        }
        let running = try server.client()
        try running.send("GET /running HTTP/1.1\r\nHost: a\r\n\r\n")
        gate.awaitEntry()
        let waiting = try server.client()
        try waiting.send("GET /waiting HTTP/1.1\r\nHost: a\r\n\r\n")
        server.wait(for: .admitted(first + 1))
        server.advance(by: .seconds(29.9))
        #expect(server.server.statistics.queuedRequests == 1)
        server.advance(by: .seconds(0.2))
        let answer = try waiting.answer()
        #expect(answer.status == 503)
        #expect(answer.fields["retry-after"] == "1")
        #expect(answer.fields["connection"] == nil)
        #expect(server.server.statistics.queuedRequests == 0)
        gate.open(2)
        // The one that runs is not bound by it, and the connection goes on.
        #expect(try running.answer().text == "GET /running")
        try waiting.send("GET /again HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try waiting.answer().text == "GET /again")
    }

    @Test func theHandlersDeadlineIncludesTheQueue() throws {
        let gate = Gate()
        let server = try TestServer(handler: gate.handler) { configuration in
            configuration.handlerCount = 1
            configuration.handlerTimeout = .seconds(20)
        }
        let running = try server.client()
        try running.send("GET /running HTTP/1.1\r\nHost: a\r\n\r\n")
        gate.awaitEntry()
        server.advance(by: .seconds(5))
        let waiting = try server.client()
        try waiting.send("GET /waiting HTTP/1.1\r\nHost: a\r\n\r\n")
        server.wait(for: .admitted(first + 1))
        let deadline = server.time.now + .seconds(20)
        server.advance(by: .seconds(14))
        gate.open()
        #expect(try running.answer().status == 200)
        gate.awaitEntry(2)
        #expect(gate.tokens[1].deadline == deadline)
        server.advance(by: .seconds(6.1))
        #expect(try waiting.answer().status == 503)
        #expect(gate.tokens[1].isCancelled)
    }

    @Test func aConnectionClosesAfterItsLastRequest() throws {
        let server = try TestServer { $0.maximumRequestsPerConnection = 3 }
        let client = try server.client()
        try client.send((0..<5).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
        for number in 0..<3 {
            let answer = try client.answer()
            #expect(answer.text == "GET /\(number)")
            #expect(answer.fields["connection"] == (number == 2 ? "close" : nil))
        }
        #expect(try client.reachesEnd())
    }

    @Test(arguments: [(4096, 1000, 872, true), (100, 1000, 100, false), (4096, 200, 100, true), (4096, 1, 1, true)])
    func connectionsFitTheDescriptors(wished: Int, limit: Int, maximum: Int, isTold: Bool) throws {
        var syscalls = Syscalls.kernel
        syscalls.descriptorLimit = { limit }
        let server = try TestServer(syscalls: syscalls) { $0.maximumConnections = wished }
        let told = server.log.values.filter { $0.level == .warning }.map(\.message)
        #expect(
            told
                == (isTold
                    ? [
                        "at most \(maximum) connections at once instead of \(wished): the process may have \(limit) files open"
                    ] : []))
    }

    @Test func theLimitOfDescriptorsIsRaisedToTheHardOne() throws {
        let raised = DescriptorLimit.raise()
        let limits = try String(contentsOfFile: "/proc/self/limits", encoding: .utf8)
        let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max open files") })
        let words = line.split(separator: " ")
        #expect(words[3] == words[4])
        #expect(words[3] == "\(raised)")
        #expect(Syscalls.kernel.descriptorLimit() == raised)
    }
}
