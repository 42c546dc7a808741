import HTTP
import HTTPTypes
import Testing

/// Bodies that come over time, on a connection without a socket.
struct StreamingTests {
    private let get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
    private let head = "HTTP/1.1 200 OK\r\nDate: \(ConnectionScript.date)\r\n"

    /// A source that the connection never asks itself.
    private final class Silence: BodySource {
        func next() -> BodyPiece? { nil }
        func start(_ isReady: @escaping @Sendable () -> Void) {}
        func stop() {}
    }

    private func response(_ first: String = "") -> Response {
        var response = Response(status: .ok, body: Array(first.utf8))
        response.stream = StreamedBody(Silence(), idleBytes: Array(":\n".utf8), idleInterval: 15_000_000_000)
        return response
    }

    @Test func goesInChunksAndTheConnectionGoesOn() {
        let script = ConnectionScript()
        script.send(get)
        script.respond(response("one"))
        #expect(script.actions() == ["handle GET /a"])
        #expect(script.read() == head + "Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n")
        #expect(script.actions() == ["more"])
        script.stream("two and three")
        #expect(script.read() == "d\r\ntwo and three\r\n")
        #expect(script.actions() == ["more"])
        script.endStream()
        #expect(script.read() == "0\r\n\r\n")
        #expect(script.connection.isIdle && script.connection.wantsToRead)
        script.send(get)
        #expect(script.actions() == ["handle GET /a"])
    }

    @Test func anEmptyPieceIsNoLastChunk() {
        let script = ConnectionScript()
        script.send(get)
        script.respond(response())
        #expect(script.read() == head + "Transfer-Encoding: chunked\r\n\r\n")
        script.stream("")
        #expect(!script.connection.hasOutput)
    }

    @Test func endsWithTheConnectionForAnOldClient() {
        let script = ConnectionScript()
        script.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        script.respond(response("one"))
        #expect(script.read() == head + "Connection: close\r\n\r\none")
        script.stream("two")
        #expect(script.read() == "two")
        _ = script.actions()
        script.endStream()
        #expect(script.actions() == ["close"])
    }

    @Test func tooLongAPieceCutsTheBody() {
        let script = ConnectionScript()
        script.send(get)
        script.respond(response("one"))
        _ = script.read()
        _ = script.actions()
        script.stream(String(repeating: "x", count: StreamedBody.maximumPieceBytes + 1))
        script.endStream()
        #expect(script.actions() == ["close"])
        #expect(script.read().isEmpty)
    }

    @Test func headHasNeitherLengthNorBody() {
        let script = ConnectionScript()
        script.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n")
        script.respond(response("one"))
        #expect(script.read() == head + "\r\n")
        #expect(script.actions() == ["handle HEAD /a"])
        #expect(script.connection.isIdle)
    }

    @Test func asksForMoreOnlyWhenAllIsWritten() {
        let script = ConnectionScript()
        script.send(get)
        script.respond(response("one"))
        script.read(20)
        #expect(script.actions() == ["handle GET /a"])
        script.read()
        #expect(script.actions() == ["more"])
    }

    @Test func saysSomethingWhenNothingElseIsSaid() {
        let script = ConnectionScript()
        script.send(get)
        script.respond(response("one"))
        script.read()
        script.wait(14)
        #expect(!script.connection.hasOutput)
        script.wait(1)
        #expect(script.read() == "2\r\n:\n\r\n")
        script.wait(14)
        script.stream("two")
        #expect(script.read() == "3\r\ntwo\r\n")
        script.wait(14)
        #expect(!script.connection.hasOutput && !script.connection.isClosed)
    }

    @Test func closesOnAClientThatTakesNothing() {
        let script = ConnectionScript()
        script.send(get)
        script.respond(response("one"))
        script.read()
        script.stream("two")
        script.wait(29)
        #expect(!script.connection.isClosed)
        script.wait(1)
        #expect(script.connection.isClosed)
    }

    @Test func endsWhenTheServerIsToStop() {
        let script = ConnectionScript()
        script.send(get)
        script.respond(response("one"))
        script.read()
        _ = script.actions()
        script.drain()
        #expect(script.read() == "0\r\n\r\n")
        #expect(script.actions() == ["close"])
    }

    @Test func isProbedByWhatReadersPassOver() {
        let script = ConnectionScript()
        script.send(get)
        script.respond(response())
        script.read()
        script.sendInterim()
        #expect(script.read() == "2\r\n:\n\r\n")
    }

    @Test func dropsWhatComesTooLate() {
        let script = ConnectionScript()
        script.send(get)
        script.respond(response("one"))
        script.read()
        script.lose()
        script.stream("two")
        script.endStream()
        #expect(!script.connection.hasOutput)
        #expect(script.actions() == ["handle GET /a", "more", "close"])
    }
}
