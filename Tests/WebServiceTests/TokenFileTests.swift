import Testing

@testable import WebService

struct TokenFileTests {
    private func parse(_ text: String) throws -> AccessTokens { try TokenFile.parse(text, path: "tokens") }

    @Test func readsNamesScopesAndTokens() throws {
        let tokens = try parse(
            """
            # who        may          with

            dashboard\t  read         3pXc0Wq0b1mJ5vYt   # the wall
            operator     read,manage  sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
            """)
        #expect(tokens.tokens.map(\.name) == ["dashboard", "operator"])
        #expect(tokens.tokens.map(\.scopes) == [[.read], [.read, .manage]])
        #expect(tokens.find("3pXc0Wq0b1mJ5vYt")?.name == "dashboard")
        // The digest is that of "test", which is too short to stand in the file itself.
        #expect(tokens.find("test")?.name == "operator")
        #expect(tokens.find("3pXc0Wq0b1mJ5vY") == nil)
        #expect(tokens.find("3pXc0Wq0b1mJ5vYtt") == nil)
        #expect(tokens.find("") == nil)
    }

    @Test(arguments: [
        ("a read", "a name, scopes and a token"),
        ("a read 0123456789abcdef more", "a name, scopes and a token"),
        ("a read short", "at least 16"),
        ("a read 0123456789abcde", "at least 16"),
        ("a read 0123456789abcdé!", "at least 16"),
        ("a read sha256:9f86", "64 lower-case"),
        ("a write 0123456789abcdef", "read, manage"),
        ("a read, 0123456789abcdef", "read, manage"),
        ("a/b read 0123456789abcdef", "letters, digits"),
        ("a read 0123456789abcdef\na read fedcba9876543210", "line 2"),
        ("a read 0123456789abcdef\nb read 0123456789abcdef", "'b' and 'a' have the same token"),
    ])
    func namesTheFaultyLine(text: String, words: String) {
        let error = #expect(throws: AccessError.self) { try parse(text) }
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }

    @Test func neverRepeatsAToken() {
        let error = #expect(throws: AccessError.self) { try parse("a write topsecrettopsecret") }
        #expect(error?.description.contains("topsecret") == false)
    }

    @Test(arguments: ["", "# nothing but words\n"])
    func hasAtLeastOneToken(text: String) {
        #expect(throws: AccessError.noTokens(path: "tokens")) { try parse(text) }
    }
}
