import Foundation
import HTTP
import HTTPTypes
import Testing

/// gunicorn's corpora of requests (`tests/requests` of its repository), which is not part of this one: the folder is
/// given by the environment.
///
/// What the parser sees otherwise than gunicorn is argued case by case in `Documentation/HTTPConformance.md`, whose
/// table is held to what happens here.
@Suite(.enabled(if: GunicornCase.corpus != nil, "SWITCHBACK_GUNICORN_REQUESTS names no folder"))
struct GunicornCorpusTests {
    /// What the parser finds in an input that comes in pieces of that size.
    private func events(_ example: GunicornCase, pieces size: Int) -> [RequestEvent] {
        var parser = RequestParser(limits: example.limits)
        var events: [RequestEvent] = []
        for start in stride(from: 0, to: example.input.count, by: size) {
            parser.receive(Array(example.input[start..<min(start + size, example.input.count)]).span)
            while let event = parser.next() { events.append(event) }
        }
        parser.receiveEndOfStream()
        while let event = parser.next() { events.append(event) }
        return events
    }

    private func failure(_ events: [RequestEvent]) -> HTTPError? {
        guard case .failure(let error)? = events.last else { return nil }
        return error
    }

    /// The cases that the table of that heading argues.
    private func argued(_ heading: String) throws -> Set<String> {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(
            contentsOf: root.appendingPathComponent("Documentation/HTTPConformance.md"), encoding: .utf8)
        let section = text.components(separatedBy: "### ").first { $0.hasPrefix(heading) } ?? ""
        let cells = section.split(separator: "\n").filter { $0.hasPrefix("|") }.map { $0.split(separator: "|")[0] }
        return Set(cells.flatMap { $0.matches(of: /`(\w*valid\/[^`]*)`/) }.map { String($0.1) })
    }

    @Test func invalidOnesAreRefusedButThoseArgued() throws {
        let corpus = try #require(GunicornCase.corpus)
        let cases = try GunicornCase.all("invalid", in: corpus)
        #expect(cases.count > 70)
        let taken = cases.filter { example in
            let whole = failure(events(example, pieces: .max))
            #expect(whole == failure(events(example, pieces: 1)), "\(example.name) byte by byte")
            return whole == nil
        }
        #expect(Set(taken.map(\.name)) == (try argued("Taken")), "\(taken.map(\.name))")
    }

    @Test func validOnesAreTakenButThoseArgued() throws {
        let corpus = try #require(GunicornCase.corpus)
        let cases = try GunicornCase.all("valid", in: corpus)
        #expect(cases.count > 60)
        var refused: [String: String] = [:]
        for example in cases {
            let events = events(example, pieces: .max)
            if let error = failure(events) {
                refused[example.name] = "\(error.status.code) \(error)"
                continue
            }
            var methods: [String] = []
            var bodies: [String] = []
            for event in events {
                switch event {
                case .head(let head):
                    methods.append(head.method.rawValue)
                    bodies.append("")
                case .body(let bytes): bodies[bodies.count - 1] += String(decoding: bytes, as: UTF8.self)
                case .end, .failure: break
                }
            }
            if methods != example.methods { refused[example.name] = "read as \(methods)" }
            if !example.bodies.joined().contains("\\") { #expect(bodies == example.bodies, "\(example.name)") }
        }
        #expect(Set(refused.keys) == (try argued("Refused")), "\(refused.sorted { $0.key < $1.key })")
    }
}
