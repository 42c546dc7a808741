import HTTP
import HTTPTypes
import Testing

struct ConnectionDeadlineTests {
    private let get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
    private let post = "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 50000\r\n\r\n"

    @Test func closesAConnectionThatSendsNothing() {
        let script = ConnectionScript()
        script.wait(9)
        #expect(script.actions() == [])
        script.wait(1)
        #expect(script.actions() == ["close"])
    }

    @Test func tricklingDoesNotMoveTheDeadlineOfTheHeader() {
        let script = ConnectionScript()
        for letter in "GET / HTT" {
            script.send(String(letter))
            script.wait(1)
        }
        #expect(script.actions() == [])
        script.wait(1)
        #expect(script.actions() == ["refuse 408 -"])
    }

    @Test func theDeadlineOfTheNextHeaderBeginsWithItsFirstByte() {
        let script = ConnectionScript()
        script.send(get)
        script.respond()
        script.read()
        _ = script.actions()
        script.wait(50)
        script.send("G")
        script.wait(9)
        #expect(script.actions() == [])
        script.send("ET")
        script.wait(1)
        #expect(script.actions() == ["refuse 408 -"])
    }

    @Test func anIdleConnectionIsClosed() {
        let script = ConnectionScript()
        script.wait(5)
        script.send(get)
        script.respond()
        script.read()
        script.wait(59)
        #expect(script.actions() == ["handle GET /a"])
        script.wait(1)
        #expect(script.actions() == ["close"])
    }

    @Test func thePipelinedBeginningOfARequestHasADeadlineOfItsOwn() {
        let script = ConnectionScript()
        script.send(get + "GE")
        script.respond()
        script.read()
        #expect(!script.connection.isIdle)
        script.wait(10)
        #expect(script.actions() == ["handle GET /a", "refuse 408 -"])
    }

    @Test func aBodyMustMakeProgress() {
        let script = ConnectionScript()
        script.send(post)
        script.acceptBody()
        for _ in 0..<3 {
            script.wait(29)
            script.send(String(repeating: "x", count: 8192))
        }
        #expect(script.actions() == ["inspect POST /b"])
        for _ in 0..<29 {
            script.send("x")
            script.wait(1)
        }
        #expect(script.actions() == [])
        script.wait(1)
        #expect(script.actions() == ["refuse 408 /b"])
    }

    @Test func anAnswerMustComeInTime() {
        let script = ConnectionScript()
        script.send(get)
        script.wait(120)
        #expect(script.actions() == ["handle GET /a", "cancel", "refuse 503 /a"])
        #expect(!script.respond(to: script.request?.sequence), "the answer comes too late")
        #expect(script.respond(Response(status: .serviceUnavailable)))
        #expect(script.read().hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
        #expect(script.actions() == ["shutdownWrite"])
    }

    @Test func aDecisionOnTheBodyMustComeInTime() {
        let script = ConnectionScript()
        script.send(post)
        script.wait(120)
        #expect(script.actions() == ["inspect POST /b", "refuse 503 /b"])
        script.acceptBody()
        #expect(!script.connection.wantsToRead)
    }

    @Test func aRefusalMustBeRenderedInTime() {
        let script = ConnectionScript()
        script.send("\0")
        script.wait(120)
        #expect(script.actions() == ["refuse 400 -", "close"])
    }

    @Test func aSlowReaderMustMakeProgress() {
        let script = ConnectionScript()
        script.send(get)
        script.respond(Response(status: .ok, body: [UInt8](repeating: 65, count: 100_000)))
        for _ in 0..<3 {
            script.wait(29)
            script.read(8192)
        }
        #expect(script.actions() == ["handle GET /a"])
        for _ in 0..<29 {
            script.read(1)
            script.wait(1)
        }
        #expect(script.actions() == [])
        script.wait(1)
        #expect(script.actions() == ["close"])
    }

    @Test func aTimerThatFiresEarlyChangesNothing() {
        let script = ConnectionScript()
        let deadline = script.connection.deadline
        script.wait(9)
        #expect(script.connection.deadline == deadline && script.actions() == [])
    }

    @Test func aTimeoutWithoutEndDoesNotOverflow() {
        let script = ConnectionScript(timeouts: Timeouts(header: .max, handler: .max))
        script.wait(1000)
        script.send(get)
        script.wait(1000)
        #expect(script.actions() == ["handle GET /a"] && script.connection.deadline == .max)
    }

    @Test func stoppingClosesIdleConnections() {
        let script = ConnectionScript()
        script.send(get)
        script.respond()
        script.read()
        script.drain()
        #expect(script.actions() == ["handle GET /a", "close"])
    }

    @Test func stoppingLetsARunningRequestEnd() {
        let script = ConnectionScript()
        script.send(get)
        script.drain()
        script.respond()
        #expect(script.read().contains("\r\nConnection: close\r\n"))
        #expect(script.actions() == ["handle GET /a", "close"])
    }

    @Test func stoppingLetsARequestOnItsWayArrive() {
        let script = ConnectionScript()
        script.drain()
        #expect(script.actions() == [])
        script.send(get)
        script.respond()
        #expect(script.read().contains("\r\nConnection: close\r\n"))
        #expect(script.actions() == ["handle GET /a", "close"])
    }

    @Test func stoppingWhileAnAnswerIsWrittenClosesAfterIt() {
        let script = ConnectionScript()
        script.send(get)
        script.respond()
        script.read(5)
        script.drain()
        #expect(script.actions() == ["handle GET /a"])
        script.read()
        #expect(script.actions() == ["close"])
    }
}
