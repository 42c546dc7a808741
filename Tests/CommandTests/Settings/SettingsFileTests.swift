import Foundation
import Testing

@testable import SwitchbackCommand

@Suite struct SettingsFileTests {
    private func entries(_ text: String) throws -> [SettingsFile.Entry] {
        try SettingsFile(text, path: "f.yaml").entries
    }

    private func words(refusing text: String) -> String {
        do {
            return "no error, but \(try entries(text))"
        } catch {
            return "\(error)"
        }
    }

    @Test func readsValuesAndListsWithTheirLines() throws {
        let text = "# a comment\nthreads: 2\n\nlisten:\n  - 127.0.0.1:80\n  - '[::1]:80'\nmax-image-bytes: 8 MiB\n"
        #expect(
            try entries(text) == [
                .init(name: "threads", words: ["2"], line: 2),
                .init(name: "listen", words: ["127.0.0.1:80", "[::1]:80"], line: 4),
                .init(name: "max-image-bytes", words: ["8 MiB"], line: 7),
            ])
    }

    @Test func aListMayBeOneValueAndMayBeEmpty() throws {
        #expect(try entries("listen: 127.0.0.1:80").first?.words == ["127.0.0.1:80"])
        #expect(try entries("models: []").first?.words == [])
    }

    @Test(arguments: ["", "# nothing\n", "---\n"])
    func anEmptyFileSaysNothing(text: String) throws {
        #expect(try SettingsFile(text, path: "f.yaml").entries.isEmpty)
    }

    @Test(arguments: [
        (
            "threads: 1\nmax-image-byte: 5",
            "f.yaml:2: there is no setting 'max-image-byte'; did you mean 'max-image-bytes'?"
        ),
        ("colour: red", "f.yaml:1: there is no setting 'colour'; 'switchback config' lists them all"),
        ("threads: 1\nqueue: 2\nthreads: 3", "'threads' stands more than once in this file"),
        ("threads: [1, 2]", "f.yaml:1: 'threads' is one value, and here it is a list"),
        ("threads: {n: 1}", "f.yaml:1: 'threads' is one value, and here it is a mapping"),
        ("listen: [[a]]", "f.yaml:1: 'listen' is one value or a list, and here it is a list of something else"),
        ("threads:", "f.yaml:1: 'threads' is one value, and here it is nothing"),
        ("threads: null", "f.yaml:1: 'threads' is one value, and here it is nothing"),
        ("- threads", "f.yaml:1: this is not YAML: a mapping 'name: value' is expected"),
        ("threads: 'x", "this is not YAML"),
        ("? [a]\n: b", "there is no setting '(not a word)'"),
        ("threads: 1\n---\nthreads: 2\n", "this is not YAML"),
        ("threads: *nobody", "this is not YAML"),
    ])
    func refusesWithWordsThatHelp(text: String, expected: String) {
        let found = words(refusing: text)
        #expect(found.contains(expected), "\(found)")
    }

    @Test func saysWhyAFileCannotBeRead() {
        #expect(throws: SettingsError.unreadable(path: "/nonexistent.yaml", reason: "no such file")) {
            try SettingsFile(path: "/nonexistent.yaml")
        }
    }
}
