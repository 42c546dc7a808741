import Foundation
import Glibc
import TestClients
import TestSupport
import Testing

/// Jobs of the service from outside: they survive its end, by whatever signal.
@Suite(.serialized) struct ServedJobTests {
    private static let sweep = "/occlusion?patch=24&stride=6"

    private func post(_ client: Client, _ target: String, fields: String = "") throws -> Answer {
        let body = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Program.photo)))
        let head =
            "POST \(target) HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\n\(fields)"
            + "Content-Length: \(body.count)\r\n\r\n"
        try client.send([UInt8](head.utf8) + body)
        return try client.answer()
    }

    private func job(_ client: Client, _ address: String) throws -> (state: String, done: Int, attempts: Int) {
        let answer = try client.get(address)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
        let progress = try #require(object["progress"] as? [String: Int])
        return (
            try #require(object["state"] as? String), try #require(progress["done"]),
            try #require(object["attempts"] as? Int)
        )
    }

    /// Asks after a job, as often as it takes within reason and on a new connection each time, until it is as wanted.
    private func watch(
        _ program: RunningProgram, _ address: String, _ isWanted: ((state: String, done: Int, attempts: Int)) -> Bool
    ) throws {
        for _ in 0..<200_000 {
            let client = try Client(to: program.address)
            defer { client.close() }
            if isWanted(try job(client, address)) { return }
        }
        Issue.record("\(address) has not become as wanted")
    }

    @Test func aJobGoesOnInTheNextLifeOfTheService() throws {
        let folder = try TemporaryFolder()
        let arguments = ["--data", folder.path, "--no-access-log", "--answer-cache-bytes", "0"]
        let first = try RunningProgram(arguments)
        let client = try Client(to: first.address)
        let promise = try post(client, Self.sweep, fields: "Prefer: respond-async\r\n")
        #expect(promise.status == 202)
        let address = try #require(promise.fields["location"])
        try watch(first, address) { $0.done >= 2 }
        first.signal(SIGTERM)
        #expect(try first.awaitEnd() == 0)

        let second = try RunningProgram(arguments)
        let other = try Client(to: second.address)
        let before = try job(other, address)
        #expect(before.done >= 2)
        // It was given back, which counts as no attempt.
        #expect(before.attempts == 0)
        try watch(second, address) { $0.state == "completed" }
        let result = try other.get(address + "/result")
        let atOnce = try post(other, Self.sweep)
        #expect(result.status == 200)
        #expect(result.body == atOnce.body)
        second.signal(SIGTERM)
        #expect(try second.awaitEnd() == 0)
    }
}
