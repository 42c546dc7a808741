import Concurrency
import HTTP
import HTTPTypes
import Switchback
import TestSupport
import Testing

@testable import WebService

/// The same answer is computed once.
struct AnswerCacheTests {
    private struct Broken: Error {}

    private func service() throws -> TestService { try TestService(answerCacheBytes: 8 << 20) }

    @Test func isComputedOnceHoweverItIsAskedFor() throws {
        let service = try service()
        let photo = try TestService.chelsea()
        let first = try service.ask("/predict?top=3", body: photo)
        #expect(first.status == .ok)
        #expect(first.fields[.serverTiming]?.contains("compute") == true)
        let second = try service.ask("/predict?top=3", body: photo)
        #expect(second.body == first.body)
        #expect(second.fields[.eTag] == first.fields[.eTag])
        // It took no time to compute, and says so.
        #expect(second.fields[.serverTiming]?.contains("compute") == false)
        // Defaults spelled out make the same question.
        _ = try service.ask("/predict?top=3&format=json&arrays=base64&model=squeezenet1.1", body: photo)
        #expect(service.computed == 1)
        _ = try service.ask("/predict?top=4", body: photo)
        #expect(service.computed == 2)
    }

    @Test func aPictureIsKeptToo() throws {
        let service = try service()
        let digest = try service.post(TestService.chelsea())
        let target = "/deconv?image=\(digest)&format=png"
        let first = try service.get(target)
        #expect(first.status == .ok)
        #expect(try service.get(target).body == first.body)
        #expect(service.computed == 1)
        // Ranges of it as well.
        let part = try service.get(target, [.range: "bytes=0-7"])
        #expect(part.status == .partialContent && part.body == Array(first.body.prefix(8)))
        #expect(service.computed == 1)
    }

    @Test func anErrorIsNotKept() throws {
        let service = try service()
        let photo = Array(try TestService.chelsea().prefix(1000))
        for _ in 0..<2 { #expect(try service.ask("/predict", body: photo).status == .badRequest) }
        let cache = AnswerCache(byteLimit: 1000)
        #expect(throws: Broken.self) { try cache.body(for: EntityTag("a"), token: .never) { _ in throw Broken() } }
        #expect(try cache.body(for: EntityTag("a"), token: .never) { _ in [1] } == [1])
        #expect(cache.statistics.misses == 2)
    }

    @Test func theSameBytesAsAnArrayAreAnotherQuestion() throws {
        let service = try service()
        let photo = try TestService.chelsea()
        #expect(try service.ask("/predict", body: photo).status == .ok)
        #expect(try service.ask("/predict", type: "application/x-npy", body: photo).status == .badRequest)
        // What begins like an array is one however it is sent, and kept.
        let array = try Fixtures.bytes("reference/cases/zfnet/input.npy")
        let (target, computed) = ("/predict?model=zfnet&format=npy", service.computed)
        let sent = try service.ask(target, type: "application/x-npy", body: array)
        let digest = try service.post(array, type: "application/x-npy")
        let kept = try service.get("\(target)&image=\(digest)")
        #expect(sent.status == .ok && kept.body == sent.body)
        #expect(kept.fields[.eTag] == sent.fields[.eTag] && service.computed == computed + 1)
    }

    @Test func nobodySeesWhatWasDeleted() throws {
        let service = try service()
        let digest = try service.post(TestService.chelsea())
        #expect(try service.get("/predict?image=\(digest)").status == .ok)
        #expect(try service.ask("/images/\(digest)", method: .delete, type: nil).status == .noContent)
        #expect(try service.get("/predict?image=\(digest)").status == .notFound)
    }

    @Test func withoutRoomEveryRequestIsComputed() throws {
        let service = try TestService(answerCacheBytes: 0)
        let photo = try TestService.chelsea()
        for _ in 0..<2 { #expect(try service.ask("/predict", body: photo).status == .ok) }
        #expect(service.computed == 2)
    }

    @Test func requestsAtTheSameTimeShareOneComputation() throws {
        let service = try TestService(threads: 1, answerCacheBytes: 8 << 20)
        let turn = HeldTurn(service.pool)
        defer { turn.release() }
        let photo = try TestService.chelsea()
        try withRunningServer(service, handlers: 4) { _, client in
            let asking = try (0..<4).map { _ in
                try client.open("POST", "/predict", fields: ["Content-Type: image/png"], body: photo)
            }
            service.pool.awaitWaiting(1)
            turn.release()
            let answers = try asking.map { try $0.answer() }
            #expect(answers.allSatisfy { $0.status == 200 && $0.body == answers[0].body })
            #expect(service.computed == 1)
            let metrics = try client.send("GET", "/metrics").text(containing: "switchback_cache_lookups_total")
            #expect(metrics.contains("cache=\"answers\",result=\"miss\"} "))
        }
    }
}

extension HTTPClient.Answer {
    /// The lines of the body that begin so.
    fileprivate func text(containing start: String) -> String {
        String(decoding: body, as: UTF8.self).split(separator: "\n").filter { $0.hasPrefix(start) }
            .joined(separator: "\n")
    }
}
