import HTTP
import HTTPTypes
import Testing

struct ConnectionStateTests {
    private let get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
    private let post = "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"

    private func response(_ text: String) -> Response {
        Response(status: .ok, fields: [.contentType: "text/plain"], body: Array(text.utf8))
    }

    @Test func answersOneRequestAfterTheOther() {
        let script = ConnectionScript()
        script.send(get)
        #expect(script.actions() == ["handle GET /a"])
        #expect(script.request?.peer == "192.0.2.1")
        #expect(!script.connection.wantsToRead)
        #expect(script.respond(response("hi")))
        #expect(
            script.read() == "HTTP/1.1 200 OK\r\nDate: \(ConnectionScript.date)\r\nContent-Type: text/plain\r\n"
                + "Content-Length: 2\r\n\r\nhi")
        #expect(script.connection.wantsToRead && script.connection.isIdle)
        script.send(get)
        #expect(script.actions() == ["handle GET /a"])
        #expect(script.request?.sequence == 2)
    }

    @Test func holdsAPipelinedRequestBackUntilTheAnswerIsWritten() {
        let script = ConnectionScript()
        script.send(get + get)
        #expect(script.actions() == ["handle GET /a"])
        script.respond(response("first"))
        #expect(script.actions() == [])
        script.read(10)
        #expect(script.actions() == [] && !script.connection.wantsToRead)
        script.read()
        #expect(script.actions() == ["handle GET /a"])
    }

    @Test func asksBeforeItReadsABody() {
        let script = ConnectionScript()
        script.send(post)
        #expect(script.actions() == ["inspect POST /b"])
        #expect(!script.connection.wantsToRead)
        script.acceptBody()
        #expect(!script.connection.hasOutput && script.connection.wantsToRead)
        script.send("hel")
        #expect(script.actions() == [] && script.connection.bufferedByteCount == 3)
        script.send("lo")
        #expect(script.actions() == ["handle POST /b"])
        #expect(script.request?.body == Array("hello".utf8))
    }

    @Test func collectsABodyInTheStorageGiven() {
        var connection = ConnectionState(peer: "192.0.2.1", at: 0)
        connection.receive(Array("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe".utf8).span, at: 0)
        let inspection = connection.nextAction(at: 0)
        #expect(inspection != nil)
        connection.acceptBody(in: [UInt8](repeating: 7, count: 99), at: 0)
        connection.receive(Array("llo".utf8).span, at: 0)
        guard case .handle(let request) = connection.nextAction(at: 0) else {
            Issue.record("no request")
            return
        }
        #expect(request.body == Array("hello".utf8))
        #expect(request.body.capacity >= 99)
    }

    @Test func tellsAWaitingClientToGoOn() {
        let script = ConnectionScript()
        script.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        script.acceptBody()
        #expect(script.read() == "HTTP/1.1 100 Continue\r\n\r\n")
        script.send("ab")
        #expect(script.actions() == ["inspect POST /", "handle POST /"])
    }

    @Test func doesNotTellAClientToGoOnThatHasBegun() {
        let script = ConnectionScript()
        script.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\na")
        script.acceptBody()
        #expect(!script.connection.hasOutput)
    }

    @Test func answersWithoutReadingTheBody() {
        let script = ConnectionScript()
        script.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\nExpect: 100-continue\r\n\r\n")
        #expect(script.respond(Response(status: .unauthorized)))
        #expect(script.read().contains("\r\nConnection: close\r\n"))
        #expect(script.actions() == ["inspect POST /", "shutdownWrite"])
        script.send("what is still on its way")
        #expect(script.connection.bufferedByteCount == 0 && script.connection.wantsToRead)
        script.sendEnd()
        #expect(script.actions() == ["close"])
    }

    @Test func refusesWhatIsNoRequest() {
        let script = ConnectionScript()
        script.send("nonsense\r\n")
        #expect(script.actions() == ["refuse 400 -"])
        script.respond(Response(status: .badRequest))
        #expect(script.read().hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(script.actions() == ["shutdownWrite"])
        script.wait(1)
        #expect(script.actions() == [])
        script.wait(1)
        #expect(script.actions() == ["close"])
        #expect(script.connection.deadline == nil)
    }

    @Test func refusesABrokenBody() {
        let script = ConnectionScript()
        script.send("POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        script.acceptBody()
        script.send("2\r\nabc")
        #expect(script.actions() == ["inspect POST /c", "refuse 400 /c"])
    }

    @Test func answersARefusedHeadRequestWithoutABody() {
        let script = ConnectionScript()
        script.send("HEAD / HTTP/1.1\r\nHost: x\r\nbad\r\n")
        script.respond(Response(status: .badRequest, body: Array("words".utf8)))
        #expect(script.read().hasSuffix("Content-Length: 5\r\nConnection: close\r\n\r\n"))
    }

    @Test func closesWhenTheClientAsksTo() {
        let script = ConnectionScript()
        script.send("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        script.respond()
        #expect(script.read().contains("\r\nConnection: close\r\n"))
        #expect(script.actions() == ["handle GET /a", "close"])
    }

    @Test func closesWhenTheAnswerSaysSo() {
        let script = ConnectionScript()
        script.send(get)
        script.respond(Response(status: .ok, fields: [.connection: "close"]))
        #expect(script.read().contains("\r\nConnection: close\r\n"))
        #expect(script.actions() == ["handle GET /a", "close"])
    }

    @Test func drainsBeforeItClosesOnPipelinedRequests() {
        let script = ConnectionScript()
        script.send(get + get)
        script.respond(Response(status: .ok, fields: [.connection: "close"]))
        script.read()
        #expect(script.actions() == ["handle GET /a", "shutdownWrite"])
    }

    @Test func keepsAConnectionOfHTTP10ThatAsksForIt() {
        let script = ConnectionScript()
        script.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        script.respond()
        #expect(script.read().contains("\r\nConnection: keep-alive\r\n"))
        #expect(script.connection.isIdle)
    }

    @Test func dropsAnAnswerThatNobodyWaitsFor() {
        let script = ConnectionScript()
        script.send(get)
        #expect(!script.respond(to: 7))
        #expect(script.respond())
        #expect(!script.respond())
        script.read()
        #expect(!script.respond())
        script.send(get)
        #expect(!script.respond(to: 1))
        #expect(script.respond(to: 2))
    }

    @Test func answersAHalfClosedClient() {
        let script = ConnectionScript()
        script.send(get + get)
        script.sendEnd()
        #expect(script.actions() == ["handle GET /a"] && !script.connection.wantsToRead)
        script.respond(response("1"))
        script.read()
        #expect(script.actions() == ["handle GET /a"])
        script.respond(response("2"))
        #expect(script.read().hasSuffix("2"))
        #expect(script.actions() == ["close"])
    }

    @Test func closesWithTheClientBetweenRequests() {
        let script = ConnectionScript()
        script.sendEnd()
        #expect(script.actions() == ["close"])
        let later = ConnectionScript()
        later.send(get)
        later.respond()
        later.read()
        later.sendEnd()
        #expect(later.actions() == ["handle GET /a", "close"])
    }

    @Test func refusesARequestThatTheClientLeavesOpen() {
        let script = ConnectionScript()
        script.send(post)
        script.acceptBody()
        script.send("he")
        script.sendEnd()
        #expect(script.actions() == ["inspect POST /b", "refuse 400 /b"])
        script.respond(Response(status: .badRequest))
        script.read()
        #expect(script.actions() == ["close"])
    }

    @Test func cancelsWhenTheClientIsLost() {
        let script = ConnectionScript()
        script.send(get)
        script.lose()
        #expect(script.actions() == ["handle GET /a", "cancel", "close"])
        #expect(!script.respond() && script.connection.isClosed && !script.connection.hasOutput)
        script.lose()
        #expect(script.actions() == [])
    }

    @Test func forgetsTheOutputOfALostClient() {
        let script = ConnectionScript()
        script.send(get)
        script.respond(response("hello"))
        script.read(3)
        script.lose()
        #expect(script.actions() == ["handle GET /a", "close"])
        #expect(script.connection.outputByteCount == 0)
    }

    @Test func lendsLargeBodiesWithoutJoiningThem() {
        let script = ConnectionScript()
        script.send(get)
        script.respond(Response(status: .ok, body: [UInt8](repeating: 65, count: 100_000)))
        #expect(script.connection.outputSegmentCount == 2)
        #expect(script.read().utf8.count > 100_000)
        script.send(get)
        script.respond(Response(status: .ok, body: [UInt8](repeating: 65, count: 1000)))
        #expect(script.connection.outputSegmentCount == 1)
    }

    @Test func sendsNoBodyInAnswerToHead() {
        let script = ConnectionScript()
        script.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
        script.respond(response("hello"))
        #expect(script.read().hasSuffix("Content-Length: 5\r\n\r\n"))
    }
}
