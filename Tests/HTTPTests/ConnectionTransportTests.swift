import HTTP
import HTTPTypes
import Testing

/// What a connection does on word from its transport.
struct ConnectionTransportTests {
    private let get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"

    @Test func sendsAnInterimAnswerOnlyWhileARequestIsHandled() {
        let script = ConnectionScript()
        script.sendInterim()
        #expect(!script.connection.hasOutput)
        script.send(get)
        for _ in 0..<2 { script.sendInterim() }
        #expect(script.connection.outputByteCount == 25)
        script.read(10)
        script.respond(Response(status: .ok))
        #expect(script.read().hasPrefix("00 Continue\r\n\r\nHTTP/1.1 200 OK"))
        script.sendInterim()
        script.send("GET /old HTTP/1.0\r\n\r\n")
        script.sendInterim()
        #expect(!script.connection.hasOutput)
    }

    @Test(arguments: ["", "GET /a HT", "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab"])
    func hangsUpWithoutAnAnswerAndReadsOnForAMoment(sent: String) {
        let script = ConnectionScript()
        script.send(sent)
        if sent.hasPrefix("POST") { script.acceptBody() }
        _ = script.actions()
        script.hangUp()
        #expect(script.actions() == ["shutdownWrite"])
        #expect(!script.connection.hasOutput && script.connection.wantsToRead)
        script.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(script.actions() == [])
        script.wait(3)
        #expect(script.actions() == ["close"])
    }

    @Test func hangingUpCancelsTheRequestBeingHandled() {
        let script = ConnectionScript()
        script.send(get)
        _ = script.actions()
        script.hangUp()
        #expect(script.actions() == ["cancel", "shutdownWrite"])
        script.sendEnd()
        #expect(script.actions() == ["close"])
        script.hangUp()
        #expect(script.actions() == [])
    }

    @Test func refusesWhatTheTransportCannotTake() {
        let script = ConnectionScript()
        script.refuse(.plainRequestToTLS)
        #expect(script.actions() == ["refuse 400 -"])
        script.respond(Response(status: .badRequest))
        #expect(script.read().hasPrefix("HTTP/1.1 400 Bad Request"))
        #expect(script.actions() == ["shutdownWrite"])
    }
}
