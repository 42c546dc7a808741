import HTTPTypes
import TestSupport
import Testing

@testable import HTTP

struct RequestParserTests {
    /// The events of an input that comes in pieces which end at these positions, from memory that ends at an unmapped
    /// page.
    ///
    /// A parser that stands still at each piece must say so at once.
    private func events(
        _ input: [UInt8], _ limits: Limits, endsStream: Bool, cuts: some Sequence<Int>, from page: UnmappedPage
    ) -> [String] {
        var parser = RequestParser(limits: limits)
        var log = EventLog()
        var start = 0
        for cut in Array(cuts) + [input.count] {
            page.withBytes(input[start..<cut]) { parser.receive($0) }
            start = cut
            while let event = parser.next() { log.append(event) }
        }
        if endsStream { parser.receiveEndOfStream() }
        while let event = parser.next() { log.append(event) }
        return log.lines
    }

    @Test(arguments: RequestDocument.cases)
    func parsesAsDocumented(_ example: RequestCase) throws {
        let page = try UnmappedPage(capacity: example.input.count)
        let (input, limits, end) = (example.input, example.limits, example.endsStream)
        let whole = events(input, limits, endsStream: end, cuts: [], from: page)
        #expect(whole == example.events)
        guard whole == example.events else { return }
        let bytewise = events(input, limits, endsStream: end, cuts: 0..<input.count, from: page)
        #expect(bytewise == example.events, "a byte at a time")
        let wrong = cuts(input.count).filter { cut in
            events(input, limits, endsStream: end, cuts: [cut], from: page) != example.events
        }
        #expect(wrong.isEmpty, "split at these positions the events are others")
    }

    /// Every position of an input; of a long one, which is a line of one letter, those at both ends and some between.
    private func cuts(_ count: Int) -> [Int] {
        guard count > 2000 else { return Array(0...count) }
        return Array(0..<300) + Array(stride(from: 300, to: count - 300, by: 997)) + Array((count - 300)...count)
    }

    @Test func documentsHoldAllTheirCases() {
        #expect(RequestDocument.cases.count > 150)
        #expect(Set(RequestDocument.cases.map(\.name)).count == RequestDocument.cases.count)
    }

    @Test func pipelinedRequestsGiveTheSameEventsForAnyPieces() throws {
        let whole = RequestDocument.cases.filter { example in
            example.events.last == "end" && !example.events[0].contains("HTTP/1.0")
                && !example.events.contains { $0.hasSuffix(" close") || $0.contains(" close body") }
                && example.limits == Limits()
        }
        let input = whole.flatMap(\.input)
        let expected = whole.flatMap(\.events)
        let page = try UnmappedPage(capacity: input.count)
        var generator = SplitMix64(seed: 9112)
        for largest in [2, 3, 17, 100, 1000] {
            var cuts: [Int] = []
            var cut = Int.random(in: 1...largest, using: &generator)
            while cut < input.count {
                cuts.append(cut)
                cut += Int.random(in: 1...largest, using: &generator)
            }
            #expect(events(input, Limits(), endsStream: true, cuts: cuts, from: page) == expected)
        }
    }

    @Test func damagedRequestsGiveTheSameEventsForAnyPieces() throws {
        let examples = RequestDocument.cases.filter { $0.input.count < 500 }
        let odd: [UInt8] = [0, 9, 10, 13, 32, 34, 37, 44, 48, 58, 59, 61, 92, 127, 128, 255]
        let page = try UnmappedPage(capacity: 2000)
        var generator = SplitMix64(seed: 7230)
        for _ in 0..<3000 {
            var input: [UInt8] = []
            for _ in 0..<Int.random(in: 1...2, using: &generator) {
                guard let example = examples.randomElement(using: &generator) else { continue }
                input += example.input
            }
            for _ in 0..<Int.random(in: 1...3, using: &generator) where !input.isEmpty {
                let index = Int.random(in: 0..<input.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: input[index] = odd.randomElement(using: &generator) ?? 0
                case 1: input.insert(odd.randomElement(using: &generator) ?? 0, at: index)
                default: input.remove(at: index)
                }
            }
            let limits = Limits(maximumRequestLineBytes: 60, maximumHeaderBytes: 120, maximumBodyBytes: 20)
            let whole = events(input, limits, endsStream: true, cuts: [], from: page)
            let bytewise = events(input, limits, endsStream: true, cuts: 0..<input.count, from: page)
            #expect(whole == bytewise, "\(input)")
            let cut = Int.random(in: 0...input.count, using: &generator)
            let split = events(input, limits, endsStream: true, cuts: [cut], from: page)
            #expect(whole == split, "\(input) split at \(cut)")
        }
    }

    @Test func handsOverABodyAsItComes() {
        var parser = RequestParser()
        parser.receive(Array("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nab".utf8).span)
        guard case .head = parser.next() else {
            Issue.record("no head")
            return
        }
        #expect(parser.next() == .body(Array("ab".utf8)))
        #expect(parser.next() == nil)
        parser.receive(Array("cd".utf8).span)
        #expect(parser.bufferedByteCount == 2)
        parser.receive(Array("efGET".utf8).span)
        #expect(parser.bufferedByteCount == 7)
        #expect(parser.next() == .body(Array("cdef".utf8)))
        #expect(parser.next() == .end(trailers: [:]))
        #expect(parser.next() == nil)
        #expect(parser.bufferedByteCount == 3)
    }

    /// What a head takes while it is incomplete, and while its body comes.
    @Test func holdsNoMoreOfAHeadThanItsParts() {
        var parser = RequestParser()
        let field = "\(String(repeating: "X", count: 15_000)): 1\r\n"
        let lines =
            "POST /\(String(repeating: "/", count: 4000))%41?\(String(repeating: "a&", count: 900)) HTTP/1.1\r\n"
        for text in [lines, "Host: a\r\n", field, field, "X: "] {
            parser.receive(Array(text.utf8).span)
            #expect(parser.next() == nil)
            #expect(parser.buffer.bytes.capacity <= LineBuffer.keptBytes)
        }
        #expect(parser.line?.details != nil)
        #expect(parser.line?.details?.segments == nil && parser.line?.details?.query == nil)
        parser.receive(Array("1\r\nContent-Length: 30000000\r\n\r\n".utf8).span)
        guard case .head(let head) = parser.next() else {
            Issue.record("no head")
            return
        }
        #expect(head.target.query.count == 900 && head.target.segments.count == 4001)
        #expect(head.target.segments.last == "A")
        parser.collectBody(in: [])
        #expect(parser.buffer.bytes.capacity <= LineBuffer.keptBytes)
    }

    @Test func aBodyTakesRoomAsItComes() {
        var parser = RequestParser(limits: Limits(maximumBodyBytes: 1 << 20))
        parser.receive(Array("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n".utf8).span)
        guard case .head = parser.next() else {
            Issue.record("no head")
            return
        }
        parser.collectBody(in: [])
        #expect(parser.bodyRoom == 0)
        parser.receive([1].span)
        #expect((1...20_000).contains(parser.bodyRoom))
        parser.receive([UInt8](repeating: 1, count: 99_999).span)
        #expect((100_000...200_000).contains(parser.bodyRoom))
        parser.receive([UInt8](repeating: 1, count: 500_000).span)
        #expect((600_000...1_004_096).contains(parser.bodyRoom))
        parser.receive([UInt8](repeating: 1, count: 400_000).span)
        // No more than its length, but for what the allocator rounds up.
        #expect((1_000_000...1_004_096).contains(parser.bodyRoom))
        #expect(parser.next() == .body([UInt8](repeating: 1, count: 1_000_000)))
    }

    @Test func keepsNothingAfterAFailure() {
        var parser = RequestParser()
        parser.receive(Array("\0".utf8).span)
        guard case .failure = parser.next() else {
            Issue.record("no failure")
            return
        }
        parser.receive([UInt8](repeating: 65, count: 100_000).span)
        #expect(parser.bufferedByteCount == 0)
        #expect(parser.next() == nil)
        parser.receiveEndOfStream()
        #expect(parser.next() == nil)
    }

    @Test func aCopyInTheMiddleOfAHeaderReadsOnByItself() {
        var parser = RequestParser()
        parser.receive(Array("GET /a HTTP/1.1\r\nHost: a\r\n".utf8).span)
        #expect(parser.next() == nil)
        var copy = parser
        parser.receive(Array("X: 1\r\n\r\n".utf8).span)
        guard case .head(let head) = parser.next() else {
            Issue.record("no head")
            return
        }
        copy.receive(Array("X: 2\r\n\r\n".utf8).span)
        guard case .head(let other) = copy.next() else {
            Issue.record("no head of the copy")
            return
        }
        #expect(head.fields == [Self.x: "1"] && other.fields == [Self.x: "2"])
        #expect(head.target == other.target && head.authority == other.authority)
    }

    private static let x = HTTPField.Name("X") ?? .accept
}
