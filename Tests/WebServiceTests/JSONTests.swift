import Testing

@testable import WebService

/// JSON as it is written and read.
struct JSONTests {
    private func text(_ json: JSON) -> String { String(decoding: json.encoded(), as: UTF8.self) }

    private func parse(_ text: String) throws -> JSON { try JSON(parsing: [UInt8](text.utf8)) }

    @Test func keepsMembersInOrder() {
        let json = JSON.object([JSON.Member("b", .integer(1)), JSON.Member("a", .null), JSON.Member("c", .bool(true))])
        #expect(text(json) == "{\"b\":1,\"a\":null,\"c\":true}\n")
    }

    @Test func takesTenThousandValuesAndNoMore() throws {
        func list(_ count: Int) -> String { "[" + Array(repeating: "1", count: count).joined(separator: ",") + "]" }
        _ = try parse(list(9_999))
        #expect(throws: JSONSyntaxError(offset: 19_999, reason: "more than 10000 values")) { try parse(list(10_001)) }
    }

    @Test func writesLongListsOneElementAtATime() {
        let list = { (values: [Int]) in JSON.list(JSONElements(values) { .integer($0) }) }
        #expect(text(.array([list([]), list([7]), list([1, -2, 3])])) == "[[],[7],[1,-2,3]]\n")
        #expect(list([1, 2]) == list([1, 2]) && list([1, 2]) != list([1]))
    }

    @Test func writesFloatsAsTheShortestDecimalThatReadsBack() {
        for value: Float in [0.1, 1e-7, 16_777_216, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1 / 3] {
            let written = text(.number(value)).dropLast()
            #expect(Float(written)?.bitPattern == value.bitPattern)
        }
        #expect(text(.number(0.1)) == "0.1\n")
    }

    @Test func writesNullForNumbersThatJSONHasNoWordFor() {
        #expect(text(.number(.nan)) == "null\n")
        #expect(text(.double(.infinity)) == "null\n")
    }

    @Test func escapesOnlyWhatMustBe() {
        #expect(text(.string("a/\"\\\n\u{1}é")) == "\"a/\\\"\\\\\\n\\u0001é\"\n")
    }

    @Test(arguments: [
        "null", "[]", "{}", "[1,2.5,-3e2]", "\"\\u00e9\\ud83d\\ude00\"", " { \"a\" : [ { } ] } ", "\"\\/\"",
    ])
    func readsWhatIsJSON(text: String) throws {
        _ = try parse(text)
    }

    @Test(arguments: [
        "", " ", "nul", "[1,]", "{\"a\":1,}", "{a:1}", "01", "+1", "1.", ".5", "1e", "--1", "\"\n\"", "\"\\x\"",
        "\"\\ud83d\"", "\"\\u12g4\"", "[1 2]", "{\"a\" 1}", "1 2", "\"", "{", "[", "1e999", "{\"a\":1,\"a\":2}",
    ])
    func refusesWhatIsNot(text: String) {
        #expect(throws: (any Error).self) { try parse(text) }
    }

    @Test func readsSurrogatePairs() throws {
        #expect(try parse("\"\\ud83d\\ude00\"") == .string("😀"))
    }

    @Test func boundsNesting() throws {
        _ = try parse(String(repeating: "[", count: 16) + String(repeating: "]", count: 16))
        #expect(throws: (any Error).self) { try parse(String(repeating: "[", count: 100_000)) }
    }

    @Test func refusesTextThatIsNotUTF8() {
        #expect(throws: (any Error).self) { try JSON(parsing: [0x22, 0xFF, 0x22]) }
    }

    @Test func namesTheMemberGivenTwice() {
        #expect {
            try parse("{\"patch\":1,\"patch\":2}")
        } throws: { "\($0)".contains("member 'patch' is given more than once") }
    }
}
