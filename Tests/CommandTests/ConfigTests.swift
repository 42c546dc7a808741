import Foundation
import Testing

/// `switchback config` and wrong configurations, from outside.
@Suite struct ConfigTests {
    /// Runs `body` with the path of a file that holds `text`.
    private func withFile<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString + ".yaml")
        try Data(text.utf8).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        return try body(url.path)
    }

    @Test func saysWhatIsInForceAndWhereFrom() throws {
        try withFile("max-header-count: 7\nqueue: 3\n") { path in
            let result = try Program.run(
                ["config", "--config", path, "--threads", "1"], environment: ["SWITCHBACK_QUEUE": "5"])
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.text.contains(/threads +1 +--threads/))
            #expect(result.text.contains(/queue +5 +SWITCHBACK_QUEUE/))
            #expect(result.text.contains("7                   ") || result.text.contains("\(path):1"))
            #expect(result.text.contains(/backlog +511 +default/))
        }
    }

    @Test func itsJSONIsAListOfSettings() throws {
        let result = try Program.run(["config", "--format", "json", "--listen", "127.0.0.1:1", "--listen", "[::1]:2"])
        let list = try #require(try JSONSerialization.jsonObject(with: Data(result.output)) as? [[String: Any]])
        let listen = try #require(list.first { $0["name"] as? String == "listen" })
        #expect(listen["value"] as? [String] == ["127.0.0.1:1", "[::1]:2"])
        #expect(listen["source"] as? String == "--listen")
    }

    @Test func itsYAMLIsAConfigurationThatSaysTheSame() throws {
        let first = try Program.run(["config", "--format", "yaml", "--listen", "[::1]:2", "--max-image-bytes", "5 MiB"])
        try withFile(first.text) { path in
            let second = try Program.run(["config", "--format", "yaml", "--config", path])
            func values(_ text: String) -> [Substring] { text.split(separator: "\n").map { $0.prefix { $0 != "#" } } }
            #expect(values(second.text) == values(first.text))
            #expect(second.text.contains(#"listen: ["[::1]:2"]"#))
        }
    }

    @Test func theVariableNamesTheFileToo() throws {
        try withFile("threads: 1") { path in
            let result = try Program.run(["config"], environment: ["SWITCHBACK_CONFIG": path])
            #expect(result.text.contains("\(path):1"))
        }
    }

    @Test func checksWithoutServing() throws {
        let fine = try Program.run(["config", "--check"])
        #expect(fine.status == 0 && fine.output.isEmpty && fine.errors.isEmpty, "\(fine.errors)")
        let open = try Program.run(["config", "--check", "--listen", "0.0.0.0:80"])
        #expect(open.status == 64 && open.errors.contains("--insecure"))
        let missing = try Program.run(["config", "--check", "--models", "/nonexistent"])
        #expect(missing.status == 1 && missing.errors.contains("/nonexistent"), "\(missing.errors)")
    }

    @Test(arguments: ["config", "serve"])
    func aWrongFileIsNamedWithItsLine(command: String) throws {
        try withFile("threads: 1\nmax-conections: 5\n") { path in
            let result = try Program.run([command, "--config", path])
            #expect(result.status == 1)
            #expect(result.errors.contains("\(path):2"))
            #expect(result.errors.contains("did you mean 'max-connections'?"))
            #expect(result.output.isEmpty)
        }
    }

    @Test func aFlagThatIsWrongIsWrongUsage() throws {
        let result = try Program.run(["config", "--max-image-bytes", "5 parsecs"])
        #expect(result.status == 64)
        #expect(result.errors.contains("option '--max-image-bytes' cannot be '5 parsecs'; allowed: 1 to 4 GiB"))
    }

    @Test func aFileThatIsNotThereIsAnError() throws {
        let result = try Program.run(["serve", "--config", "/nonexistent.yaml"])
        #expect(result.status == 1 && result.errors.contains("no such file"))
    }
}
