import Concurrency
import Glibc
import HTTP
import HTTPTypes
import TestClients
import Testing

@testable import HTTPServer

/// Bodies that come over time, on real sockets.
@Suite struct StreamingTests {
    private let first = EventLoop.Reserved.firstConnection

    /// A server whose answers to all paths but `/plain` come from `source`.
    private func server(
        _ source: PushedSource, handlers: Int = 2, configure: @escaping (inout ServerConfiguration) -> Void = { _ in }
    ) throws -> TestServer {
        var handler = TestHandler()
        handler.respond = { request, _ in
            var response = Response(status: .ok, contentType: "text/event-stream", text: "first")
            guard request.target.path != "/plain" else { return response }
            response.stream = StreamedBody(source, idleBytes: Array(":\n\n".utf8), idleInterval: 15_000_000_000)
            return response
        }
        return try TestServer(handler: handler) { configuration in
            configuration.handlerCount = handlers
            configure(&configuration)
        }
    }

    private func open(_ server: TestServer, _ head: String = "GET / HTTP/1.1\r\nHost: a\r\n\r\n") throws -> Client {
        let client = try server.client()
        try client.send(head)
        let answer = try client.answer(toHEAD: true)
        #expect(answer.status == 200)
        #expect(answer.fields["content-length"] == nil)
        return client
    }

    @Test func piecesComeAsTheSourceHasThem() throws {
        let source = PushedSource()
        let server = try server(source)
        let client = try open(server)
        #expect(try client.chunk() == Array("first".utf8))
        for text in ["a", "b"] {
            source.push(.bytes(Array(text.utf8)))
            #expect(try client.chunk() == Array(text.utf8))
        }
        source.push(.last(Array("z".utf8)))
        #expect(try client.chunk() == Array("z".utf8))
        #expect(try client.chunk() == [])
        #expect(source.awaitStop())
        #expect(try client.get("/plain").text == "first")
    }

    @Test func anOldClientReadsToTheEnd() throws {
        let source = PushedSource()
        let server = try server(source)
        let client = try open(server, "GET / HTTP/1.0\r\n\r\n")
        source.push(.last(Array("z".utf8)))
        #expect(try client.rest() == Array("firstz".utf8))
        #expect(source.awaitStop())
    }

    @Test func headStartsNothing() throws {
        let source = PushedSource()
        let server = try server(source)
        let client = try open(server, "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.get("/plain").text == "first")
        #expect(!source.isStarted)
    }

    @Test func noHandlerIsHeld() throws {
        let sources = (0..<5).map { _ in PushedSource() }
        let next = Guarded(0)
        var handler = TestHandler()
        handler.respond = { _, _ in
            var response = Response(status: .ok)
            let number = next.withLock { number in
                number += 1
                return number
            }
            guard number <= sources.count else { return response }
            response.stream = StreamedBody(sources[number - 1], idleBytes: [7], idleInterval: 15_000_000_000)
            return response
        }
        let server = try TestServer(handler: handler) { $0.handlerCount = 1 }
        let clients = try sources.map { _ in try open(server) }
        #expect(try server.client().get("/").status == 200)
        #expect(clients.count == 5 && server.server.statistics.runningHandlers == 0)
    }

    @Test func aSilentSourceIsFilledUp() throws {
        let source = PushedSource()
        let server = try server(source)
        let client = try open(server)
        _ = try client.chunk()
        server.turn()
        server.advance(by: .seconds(15))
        #expect(try client.chunk() == Array(":\n\n".utf8))
    }

    @Test(arguments: [false, true]) func aClientThatGoesAwayEndsIt(isReset: Bool) throws {
        let source = PushedSource()
        let server = try server(source)
        let client = try open(server)
        _ = try client.chunk()
        if isReset {
            client.reset()
        } else {
            client.close()
            server.wait(for: .halfClosed(first))
            server.advance(by: .milliseconds(20))
        }
        server.wait(for: .closed(first))
        #expect(source.awaitStop())
        #expect(server.accessLines(1)[0]["status"] == "200")
    }

    @Test func aPeerThatOnlySendsNoMoreGoesOnReading() throws {
        let source = PushedSource()
        let server = try server(source)
        let client = try open(server)
        _ = try client.chunk()
        client.shutdownWrite()
        server.wait(for: .halfClosed(first))
        server.advance(by: .milliseconds(20))
        #expect(try client.chunk() == Array(":\n\n".utf8))
        source.push(.last(Array("z".utf8)))
        #expect(try client.chunk() == Array("z".utf8))
    }

    @Test func theEndOfTheServerEndsItAtOnce() throws {
        let source = PushedSource()
        let server = try server(source)
        let client = try open(server)
        _ = try client.chunk()
        server.server.drain()
        #expect(try client.chunk() == [])
        #expect(try client.reachesEnd())
        // The clock stands still: nothing waited for a limit.
        server.server.waitUntilStopped()
        #expect(source.awaitStop())
    }

    @Test func aClientThatReadsNothingHoldsNothing() throws {
        let source = PushedSource(always: [UInt8](repeating: 7, count: StreamedBody.maximumPieceBytes))
        let server = try server(source)
        let client = try server.client(receiveBytes: 4096)
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        // The kernel takes a few MB, of which each turn of the loop gives it one.
        for _ in 0..<50 { server.turn() }
        let asked = source.asked
        source.ready()
        server.turn()
        #expect(source.asked == asked)
        server.advance(by: .seconds(31))
        server.wait(for: .closed(first))
        #expect(source.awaitStop())
    }
}

/// A source that has what the test gives it.
private final class PushedSource: BodySource {
    private struct State {
        var pieces: [BodyPiece] = []
        var isReady: (@Sendable () -> Void)?
        var asked = 0
    }

    private let always: [UInt8]?
    private let state = Guarded(State())
    private let stops = Recorder<Bool>()

    init(always: [UInt8]? = nil) { self.always = always }

    var isStarted: Bool { state.withLock { $0.isReady != nil } }
    var asked: Int { state.withLock(\.asked) }

    func push(_ piece: BodyPiece) {
        state.withLock { $0.pieces.append(piece) }
        ready()
    }

    func ready() { state.withLock(\.isReady)?() }

    func next() -> BodyPiece? {
        state.withLock { state in
            state.asked += 1
            if let always { return .bytes(always) }
            return state.pieces.isEmpty ? nil : state.pieces.removeFirst()
        }
    }

    func start(_ isReady: @escaping @Sendable () -> Void) { state.withLock { $0.isReady = isReady } }

    func stop() { stops.append(true) }

    func awaitStop() -> Bool { stops.wait { $0.count == 1 } }
}
