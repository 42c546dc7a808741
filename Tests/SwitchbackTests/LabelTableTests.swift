import Testing

@testable import Switchback

/// Tables of labels as people write them.
struct LabelTableTests {
    private func rows(_ text: String) throws -> [[String]] {
        try CommaSeparatedValues.rows(of: [UInt8](text.utf8), at: "t.csv", maximumRows: 10).map(\.fields)
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

    /// What is a byte in the table is a hundred in memory.
    @Test func isReadOnlyAsFarAsItMayBe() throws {
        #expect(message(String(repeating: ",", count: 256)).contains("t.csv:1: more than 256 fields"))
        #expect(try rows(String(repeating: ",", count: 255)).first?.count == 256)
        #expect(try rows(String(repeating: "a\n", count: 10)).count == 10)
        #expect(throws: SwitchbackError.badDataset(.tooLarge, reason: "t.csv:11: more than 10 rows")) {
            try rows(String(repeating: "a\n", count: 11))
        }
        let limits = DatasetLimits(maximumImages: 1, maximumTableBytes: 25)
        #expect(throws: SwitchbackError.badDataset(.tooLarge, reason: "t has 26 bytes; at most 25 are allowed")) {
            try LabelTable([UInt8]("path,label\na.png,1\nb.png,\n".utf8), at: "t", limits: limits)
        }
        #expect(throws: SwitchbackError.badDataset(.tooLarge, reason: "t:3: more than 2 rows")) {
            try LabelTable([UInt8]("path,label\na.png,1\nb.png,".utf8), at: "t", limits: limits)
        }
    }

    @Test(arguments: ["../a.png", "/etc/a.png", "x/../../a.png", "x/..", "..", "a\0.png"])
    func namesTheLineOfAPathThatLeadsOut(path: String) {
        #expect(message("path,label\nx/a.png,1\n\n\(path),1\n").contains("t.csv:4: the path '"))
    }

    @Test func takesPathsWithWordsThatSayNothing() throws {
        let table = try LabelTable([UInt8]("path,label\n./x//a..png,1\nx/./...,2\n".utf8), at: "t")
        #expect(table.labels.map(\.name) == ["x/a..png", "x/..."])
        #expect(message("path,label\nx/a.png,1\n./x//a.png,1\n").contains("t.csv:3: image 'x/a.png' is named a second"))
    }

    @Test func refusesBytesThatAreNoText() {
        #expect(throws: SwitchbackError.badDataset(.malformed, reason: "t.csv: the table is not UTF-8")) {
            try CommaSeparatedValues.rows(of: [0x61, 0xFF], at: "t.csv", maximumRows: 10)
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
