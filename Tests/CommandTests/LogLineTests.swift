import Foundation
import Logging
import Testing

@testable import SwitchbackCommand

@Suite struct LogLineTests {
    private func line(_ message: String, _ metadata: Logger.Metadata = [:], level: Logger.Level = .info) -> LogLine {
        LogLine(
            time: Date(timeIntervalSince1970: 1_767_323_045.678), level: level, message: message, metadata: metadata)
    }

    private func text(_ line: LogLine) -> String { String(decoding: line.text, as: UTF8.self) }
    private func json(_ line: LogLine) -> String { String(decoding: line.json, as: UTF8.self) }

    @Test func textIsForPeople() {
        #expect(
            text(line("stopped", ["b": "two words", "a": "1"], level: .notice))
                == "2026-01-02T03:04:05.678Z notice   stopped a=1 b=\"two words\"\n")
    }

    @Test func textDoesNotSayTheSameTwice() {
        let line = line("GET /a 200", ["method": "GET", "path": "/a", "status": "200", "peer": "127.0.0.1"])
        #expect(text(line).hasSuffix("info     GET /a 200 peer=127.0.0.1\n"))
    }

    @Test func jsonIsOneObject() {
        #expect(
            json(line("hi", ["n": .stringConvertible(3), "ms": .stringConvertible(0.5)]))
                == #"{"time":"2026-01-02T03:04:05.678Z","level":"info","message":"hi","ms":0.5,"n":3}"# + "\n")
    }

    @Test func flattensMetadata() {
        let line = line("m", ["a": ["b": "1", "c": ["d": "2"]], "l": ["x", "y"]])
        #expect(json(line).contains(#""a.b":"1","a.c.d":"2","l.0":"x","l.1":"y"}"#))
    }

    @Test func metadataCannotTakeTheNameOfTheLinesOwnMembers() {
        #expect(json(line("m", ["level": "forged"])).contains(#""level":"info","message":"m","_level":"forged"}"#))
    }

    @Test(arguments: ["a\nb", "a\r\nb", "a\u{0}b", "a\u{1B}[2Jb", "a\u{85}b", "a\u{2028}b", "a\u{202E}b", "a\u{7F}b"])
    func nothingForgesALine(path: String) {
        for line in [line("GET \(path) 200", ["path": "\(path)", "k\(path)": "v"]), line(path)] {
            for bytes in [line.text, line.json] {
                #expect(bytes.filter { $0 < 0x20 } == [0x0A] && bytes.last == 0x0A)
            }
            #expect(!text(line).dropLast().unicodeScalars.contains { $0.value == 0x85 || $0.value == 0x202E })
        }
    }

    @Test func aBackslashIsToldFromAnEscape() {
        #expect(text(line(#"a\u{a}b"#)) != text(line("a\nb")))
    }

    @Test func theHandlerMergesWhatItKnows() {
        let lines = Lines()
        var logger = Logger(label: "test") { _ in LineLogHandler(isJSON: true, logLevel: .info) { lines.append($0) } }
        logger[metadataKey: "request_id"] = "abc"
        logger.debug("too low")
        logger.info("working", metadata: ["n": "1"])
        #expect(lines.text.count == 1)
        #expect(lines.text[0].hasSuffix(#""message":"working","n":"1","request_id":"abc"}"# + "\n"))
    }
}
