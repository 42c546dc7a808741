import Concurrency
import Foundation
import HTTP
import HTTPTypes
import Jobs
import Switchback
import Testing

@testable import WebService

/// Jobs that are followed.
struct JobEventTests {
    /// A service with a job of several shards; the job's address.
    private func service() throws -> (service: TestService, address: String) {
        let service = try TestService(jobs: JobLimits())
        let answer = try service.ask(
            "/occlusion?patch=24&stride=12", fields: [.prefer: "respond-async"], body: try TestService.chelsea())
        return (service, try #require(answer.fields[.location]))
    }

    private func events(
        _ service: TestService, _ address: String, after id: String? = nil
    ) throws -> (response: Response, stream: Reader) {
        var fields: HTTPFields = [.accept: "text/event-stream"]
        if let id { fields[.lastEventID] = id }
        let response = try service.get(address + "/events", fields)
        return (response, Reader(try #require(response.stream).source))
    }

    @Test func aFollowerIsToldOfEachStepAndOfTheEnd() throws {
        let (service, address) = try service()
        let worker = try #require(service.worker)
        let streams = try #require(service.events)
        let (response, reader) = try events(service, address)
        #expect(response.status == .ok)
        #expect(response.fields[.contentType] == "text/event-stream")
        #expect(response.fields[.cacheControl] == "no-store")
        #expect(response.body == Array("retry: 3000\n\n".utf8))
        #expect(try reader.read().map(\.line) == ["progress 0.available.0"])
        #expect(try reader.read().isEmpty)
        var shards = 0
        while worker.runOnce() != .idle {
            shards += 1
            try streams.look()
            let told = try reader.read()
            let total = try #require(told.first?.data["total"] as? Int)
            #expect(told.first?.data["done"] as? Int == shards)
            if shards == total {
                #expect(told.map(\.line) == ["end \(shards).completed.0"])
                #expect(told[0].data["finished"] is String)
                #expect((told[0].data["links"] as? [String: String])?["result"] == address + "/result")
            } else {
                #expect(told.map(\.line) == ["progress \(shards).running.0", "partial \(shards).running.0.partial"])
                #expect((told[0].data["rate"] as? Double ?? 0) > 0)
                #expect(told[0].data["estimated_end"] is String)
                #expect((told[1].data["links"] as? [String: String])?["partial"] == address + "/partial")
            }
        }
        #expect(shards > 2)
        #expect(reader.hasEnded)
    }

    @Test func goesOnBehindWhatWasSeen() throws {
        let (service, address) = try service()
        let worker = try #require(service.worker)
        for _ in 0..<2 { _ = worker.runOnce() }
        // What was in between is not told, wherever the client left.
        for id in [nil, "", "0.available.0", "1.running.0.partial", "nonsense", "1.running", "1.running.0.x", "9.x.0"] {
            #expect(try lines(service, address, after: id) == ["progress 2.running.0", "partial 2.running.0.partial"])
        }
        #expect(try lines(service, address, after: "2.running.0") == ["partial 2.running.0.partial"])
        #expect(try lines(service, address, after: "2.running.0.partial").isEmpty)
        #expect(try lines(service, address, after: "2.available.0.partial") == ["progress 2.running.0.partial"])
    }

    /// What a client is told that comes back and goes again.
    private func lines(_ service: TestService, _ address: String, after id: String?) throws -> [String] {
        try events(service, address, after: id).stream.read().map(\.line)
    }

    @Test func whatHasEndedSaysSoOnce() throws {
        let (service, address) = try service()
        _ = try service.ask(address, method: .delete, type: nil)
        let (_, reader) = try events(service, address, after: "0.available.0")
        let told = try reader.read()
        #expect(told.map(\.line) == ["end 0.cancelled.0"])
        #expect(told[0].data["state"] as? String == "cancelled")
        #expect(reader.hasEnded)
        let again = try service.get(address + "/events", [.lastEventID: "0.cancelled.0"])
        #expect(again.status == .noContent)
        #expect(again.stream == nil)
    }

    @Test func aCancelledJobIsToldOfAtOnce() throws {
        let (service, address) = try service()
        let (_, reader) = try events(service, address)
        _ = try reader.read()
        _ = try service.ask(address, method: .delete, type: nil)
        #expect(reader.awaitNews())
        #expect(try reader.read().map(\.line) == ["end 0.cancelled.0"])
    }

    @Test func aJobThatWasRemovedEndsTheStream() throws {
        let (service, address) = try service()
        let (_, reader) = try events(service, address)
        _ = try reader.read()
        _ = try service.ask(address, method: .delete, type: nil)
        service.prune()
        try #require(service.events).look()
        #expect(try reader.read().isEmpty)
        #expect(reader.hasEnded)
    }

    @Test func soManyFollowAtOnce() throws {
        let (service, address) = try service()
        let streams = try #require(service.events)
        var readers = try (0..<2).map { _ in try events(service, address).stream }
        let refused = try service.get(address + "/events")
        #expect(refused.status == .serviceUnavailable)
        #expect(try TestService.detail(refused).contains("max-event-streams"))
        #expect(try service.get(address).status == .ok)
        readers.removeLast()
        #expect(streams.count == 1)
        readers.append(try events(service, address).stream)
        readers.removeAll()
        #expect(streams.count == 0)
    }

    @Test func oneClientLeavesRoomForOthers() throws {
        let (service, _) = try service()
        let jobs = try #require(service.jobs)
        let job = try #require(try jobs.jobs(limit: 1).jobs.first)
        let streams = JobEventStreams(jobs, maximum: 16)
        let mine = try (0..<2).map { _ in try streams.open(job, behind: nil, for: "me") }
        #expect(throws: JobRequestError.tooManyStreamsOfClient(maximum: 2)) {
            try streams.open(job, behind: nil, for: "me")
        }
        #expect(streams.count == 2)
        let other = try streams.open(job, behind: nil, for: "another")
        mine.forEach { $0.stop() }
        let again = try streams.open(job, behind: nil, for: "me")
        #expect(streams.count == 2)
        for source in [other, again] { source.stop() }
        #expect(streams.count == 0)
    }

    @Test func whoKnowsTheEndIsToldThatItIsTheLast() throws {
        let (service, address) = try service()
        _ = try service.ask(address, method: .delete, type: nil)
        let job = try #require(service.jobs).job(String(address.dropFirst("/jobs/".count)))
        let streams = try #require(service.events)
        let source = try streams.open(job, behind: JobEventMark("0.cancelled.0"), for: "")
        #expect(source.next() == .last([]))
    }

    @Test func isForThoseWhoReadEvents() throws {
        let (service, address) = try service()
        #expect(try service.get(address + "/events", accept: "application/json").status == .notAcceptable)
        #expect(try service.get("/jobs/\(String(repeating: "0", count: 32))/events").status == .notFound)
        let head = try service.ask(address + "/events", method: .head, type: nil)
        #expect(head.status == .ok && head.stream == nil && head.leavesLengthOut)
        #expect(try #require(service.events).count == 0)
    }

    @Test func marksAreWrittenAndReadAlike() throws {
        for text in ["0.available.0", "17.running.3.partial", "1120.completed.0", "4.retryable.9"] {
            #expect(JobEventMark(text)?.text == text)
        }
        for text in ["", ".", "a.running.0", "1.running.0.", "1.running.0.partial.0"] {
            #expect(JobEventMark(text) == nil)
        }
    }

    @Test func comesThroughTheServerAsItIsWorkedOn() throws {
        let (service, address) = try service()
        try withRunningService(service) { client in
            let connection = try client.open("GET", address + "/events")
            try service.workUntilIdle()
            try #require(service.events).look()
            let answer = try connection.answer()
            #expect(answer.field("Transfer-Encoding") == "chunked")
            #expect(String(decoding: answer.body, as: UTF8.self).contains("event: end\n"))
            #expect(answer.body.suffix(5).elementsEqual("0\r\n\r\n".utf8))
        }
    }
}

/// Reads events as the server does that sends them.
private final class Reader {
    struct Event {
        /// Its name and its id.
        let line: String
        let data: [String: Any]
    }

    private let source: any BodySource
    private let news = Guarded(0)
    private let changed = Condition()
    private(set) var hasEnded = false

    init(_ source: any BodySource) {
        self.source = source
        source.start { [news, changed] in
            news.withLock { $0 += 1 }
            changed.notifyAll()
        }
    }

    deinit { source.stop() }

    /// Whether the source says within 20 s that there is something new.
    func awaitNews() -> Bool {
        news.wait(for: changed, until: MonotonicTime().now + .seconds(20)) { $0 > 0 ? true : nil } ?? false
    }

    /// The events that there are now.
    func read() throws -> [Event] {
        let bytes: [UInt8]
        switch source.next() {
        case nil: return []
        case .bytes(let piece): bytes = piece
        case .last(let piece): (bytes, hasEnded) = (piece, true)
        }
        return try String(decoding: bytes, as: UTF8.self).components(separatedBy: "\n\n").dropLast().map { text in
            let fields = text.split(separator: "\n").map { $0.split(separator: ": ", maxSplits: 1).map(String.init) }
            #expect(fields.map { $0[0] } == ["event", "id", "data"])
            let data = try JSONSerialization.jsonObject(with: Data(fields[2][1].utf8))
            return Event(line: "\(fields[0][1]) \(fields[1][1])", data: try #require(data as? [String: Any]))
        }
    }
}
