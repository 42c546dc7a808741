import Testing

@testable import Switchback

/// Tables of labels as people write them.
struct LabelTableTests {
    private func rows(_ text: String) throws -> [[String]] {
        try CommaSeparatedValues.rows(of: [UInt8](text.utf8), at: "t.csv").map(\.fields)
    }

    private func message(_ text: String) -> String {
        do {
            _ = try LabelTable([UInt8](text.utf8), at: "t.csv")
            return "taken"
        } catch {
            return "\(error)"
        }
    }

    @Test func readsFieldsWithAndWithoutQuotes() throws {
        #expect(
            try rows("a,b\r\nc,\"d, e\"\n\"f \"\"g\"\"\",\"h\ni\"") == [
                ["a", "b"], ["c", "d, e"], ["f \"g\"", "h\ni"],
            ])
        #expect(try rows("\u{FEFF}a,\n\n,b\n") == [["a", ""], ["", "b"]])
        #expect(try rows("").isEmpty)
    }

    @Test(arguments: [
        ("a,\"b", "t.csv:1: a quote that is not closed"), ("a\nb\"c,d", "t.csv:2: a quote inside"),
        ("a,\"b\"c", "t.csv:1: text behind a closing quote"), ("a\rb", "t.csv:1: a carriage return"),
    ])
    func namesTheLineOfAMistake(text: String, words: String) {
        #expect(message(text).contains(words))
    }

    @Test func refusesBytesThatAreNoText() {
        #expect(throws: SwitchbackError.badDataset(.malformed, reason: "t.csv: the table is not UTF-8")) {
            try CommaSeparatedValues.rows(of: [0x61, 0xFF], at: "t.csv")
        }
    }

    @Test func findsItsColumnsByName() throws {
        let table = try LabelTable(
            [UInt8]("Description,Class_IDs,Path\n\"a, b\",31 32,./x/1.png\n,,2.png\n".utf8), at: "t")
        #expect(table.labels.map(\.name) == ["x/1.png", "2.png"])
        #expect(table.labels.map(\.label) == ["31 32", nil])
    }

    @Test(arguments: [
        ("photo,label\n", "the first line names the columns"), ("", "the first line names the columns"),
        ("path,label\na.png\n", "t.csv:2: 1 fields; the first line has 2"),
        ("path,label\na.png,1\n\nb.png,2\na.png,3\n", "t.csv:5: image 'a.png' is named a second time"),
        ("path,label\n,1\n", "t.csv:2: image '' is not named"),
    ])
    func saysWhatIsWrongWithATable(text: String, words: String) {
        #expect(message(text).contains(words), "\(message(text))")
    }
}
