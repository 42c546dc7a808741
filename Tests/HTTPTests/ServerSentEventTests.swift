import HTTP
import Testing

/// Events as WHATWG HTML, section 9.2.6, has them read.
struct ServerSentEventTests {
    private func text(_ event: ServerSentEvent) -> String { String(decoding: event.bytes, as: UTF8.self) }

    @Test func hasItsFieldsOnLinesOfTheirOwn() {
        #expect(text(ServerSentEvent(data: "hi")) == "data: hi\n\n")
        #expect(
            text(ServerSentEvent(name: "progress", data: "{\"done\":1}", id: "1.running.0"))
                == "event: progress\nid: 1.running.0\ndata: {\"done\":1}\n\n")
        #expect(text(ServerSentEvent(data: "")) == "data: \n\n")
    }

    @Test func everyLineOfTheDataIsAFieldAndNothingElseEndsOne() {
        #expect(text(ServerSentEvent(data: "a\nb\r\nc\rd\n")) == "data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n")
        #expect(text(ServerSentEvent(data: "a\u{2028}b\u{85}c")) == "data: a\u{2028}b\u{85}c\n\n")
    }

    @Test func whatIsNoEventIsPassedOver() {
        #expect(ServerSentEvent.retry(milliseconds: 3000) == Array("retry: 3000\n\n".utf8))
        #expect(ServerSentEvent.comment == Array(":\n\n".utf8))
    }
}
