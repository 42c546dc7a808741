import Concurrency
import Foundation
import Glibc
import HTTPServer
import TestClients
import TestSupport
import Testing

/// The service from outside: signals, logs, and how it ends.
@Suite(.serialized) struct ServeTests {
    private func request(_ target: String, body: [UInt8]) -> [UInt8] {
        let head =
            "POST \(target) HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: \(body.count)"
        return [UInt8]((head + "\r\n\r\n").utf8) + body
    }

    private func photo() throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: Program.photo))) }

    @Test func aTerminationUnderLoadLosesNoRequest() throws {
        let program = try RunningProgram()
        let bytes = request("/predict", body: try photo())
        let address = program.address
        let (answers, losses) = (Guarded<[Int]>([]), Guarded<[String]>([]))
        let busy = DispatchSemaphore(value: 0)
        let ended = DispatchGroup()
        for index in 0..<8 {
            ended.enter()
            let thread = Thread {
                defer { ended.leave() }
                do {
                    let client = try Client(to: address)
                    var isLast = false
                    while !isLast {
                        try client.send(bytes)
                        let answer = try client.answer()
                        answers.withLock { $0.append(answer.status) }
                        isLast = answer.isLast
                        busy.signal()
                    }
                } catch {
                    losses.withLock { $0.append("client \(index): \(error)") }
                }
            }
            thread.start()
        }
        for _ in 0..<24 { busy.wait() }
        program.signal(SIGTERM)
        #expect(try program.awaitEnd() == 0)
        ended.wait()
        #expect(losses.withLock { $0 } == [])
        #expect(answers.withLock { $0 }.allSatisfy { $0 == 200 })
        #expect(answers.withLock(\.count) >= 24)
        #expect(program.log.last?.contains("stopped") == true)
    }

    /// A test that needs the program then fails; the others go on.
    @Test func aProgramThatIsMissingIsAnError() {
        #expect(throws: (any Error).self) {
            try RunningProgram(executable: URL(fileURLWithPath: "/nowhere/switchback"))
        }
    }

    @Test func aRequestHalfSentIsFinishedAfterATermination() throws {
        let program = try RunningProgram()
        let bytes = request("/predict", body: try photo())
        let client = try Client(to: program.address)
        try client.send(Array(bytes.prefix(1000)))
        // The head has arrived for certain once another connection, accepted later, has been answered.
        let other = try Client(to: program.address)
        #expect(try other.get("/healthz").status == 200)
        program.signal(SIGTERM)
        try program.awaitLine("stopping when the requests that run have been answered")
        try client.send(Array(bytes.dropFirst(1000)))
        let answer = try client.answer()
        #expect(answer.status == 200 && answer.isLast)
        #expect(try program.awaitEnd() == 0)
    }

    @Test func aSecondSignalEndsAtOnce() throws {
        let program = try RunningProgram()
        let client = try Client(to: program.address)
        try client.send(Array(request("/predict", body: try photo()).prefix(1000)))
        program.signal(SIGINT)
        try program.awaitLine("SIGINT: stopping")
        program.signal(SIGTERM)
        #expect(try program.awaitEnd() == 0)
        #expect(program.log.contains { $0.contains("SIGTERM again: stopping at once") })
    }

    @Test func aHangUpDoesNotEndIt() throws {
        let program = try RunningProgram()
        program.signal(SIGHUP)
        try program.awaitLine("SIGHUP: nothing to read again")
        let client = try Client(to: program.address)
        #expect(try client.get("/healthz").status == 200)
        program.signal(SIGTERM)
        #expect(try program.awaitEnd() == 0)
    }

    @Test func aHangUpReadsTheTokensAgain() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: url) }
        func write(_ text: String) throws {
            try Data(text.utf8).write(to: url)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
        }
        let (old, new) = (String(repeating: "o", count: 43), String(repeating: "n", count: 43))
        try write("ci read \(old)\n")
        let program = try RunningProgram(["--token-file", url.path])
        let client = try Client(to: program.address)
        func status(_ token: String) throws -> Int {
            try client.send(
                [UInt8]("GET /models HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n\r\n".utf8))
            return try client.answer().status
        }
        #expect(try status(old) == 200)
        #expect(try status(new) == 401)
        try write("nonsense\n")
        program.signal(SIGHUP)
        try program.awaitLine("the tokens in use stay")
        #expect(try status(old) == 200)
        try write("ci read \(new)\n")
        program.signal(SIGHUP)
        try program.awaitLine("access read again")
        #expect(try status(new) == 200)
        #expect(try status(old) == 401)
        program.signal(SIGTERM)
        #expect(try program.awaitEnd() == 0)
        #expect(!program.log.contains { $0.contains("certificates") })
    }

    @Test func theLimitsOfFormsAreThoseOfTheSettings() throws {
        let program = try RunningProgram(["--max-multipart-parts", "1"])
        let form =
            ["image", "layer"].map { name in
                "--b\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\nx\r\n"
            }.joined() + "--b--\r\n"
        let head = """
            POST /deconv HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\n\
            Content-Length: \(form.utf8.count)\r\n\r\n
            """
        let client = try Client(to: program.address)
        try client.send([UInt8]((head + form).utf8))
        #expect(try client.answer().status == 413)
        program.signal(SIGTERM)
        #expect(try program.awaitEnd() == 0)
    }

    @Test func aReaderOfTheLogThatGoesAwayDoesNotEndIt() throws {
        let program = try RunningProgram()
        program.closeLog()
        let client = try Client(to: program.address)
        for _ in 0..<3 {
            #expect(try client.get("/healthz").status == 200)
        }
        program.signal(SIGTERM)
        #expect(try program.awaitEnd() == 0)
    }

    @Test func writesOneJSONLineARequest() throws {
        let program = try RunningProgram()
        let client = try Client(to: program.address)
        try client.send([UInt8]("GET /healthz?secret=1 HTTP/1.1\r\nHost: a\r\nX-Request-Id: id-1\r\n\r\n".utf8))
        _ = try client.answer()
        try client.send(
            [UInt8]("GET /a%C2%85%7B%22forged%22%E2%80%A8 HTTP/1.1\r\nHost: a\r\nX-Request-Id: id-2\r\n\r\n".utf8))
        _ = try client.answer()
        let line = try program.awaitLine("id-1")
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(object["level"] as? String == "info")
        #expect(object["method"] as? String == "GET")
        #expect(object["path"] as? String == "/healthz")
        #expect(object["status"] as? Int == 200)
        #expect((object["bytes"] as? Int ?? 0) > 0)
        #expect(object["ms"] as? Double != nil)
        #expect(object["peer"] as? String == "127.0.0.1")
        let time = try #require(object["time"] as? String)
        #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
        let forged = try program.awaitLine("id-2")
        #expect(try JSONSerialization.jsonObject(with: Data(forged.utf8)) is [String: Any])
        program.signal(SIGTERM)
        #expect(try program.awaitEnd() == 0)
    }

    @Test func logsTextAndNothingBelowTheLevel() throws {
        let program = try RunningProgram(["--log-format", "text", "--no-access-log"])
        let client = try Client(to: program.address)
        _ = try client.get("/healthz")
        program.signal(SIGTERM)
        #expect(try program.awaitEnd() == 0)
        #expect(program.log.allSatisfy { $0.contains(/Z notice +/) })
        #expect(!program.log.contains { $0.contains("/healthz") })
    }
}
