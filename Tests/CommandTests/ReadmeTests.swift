import Foundation
import TestSupport
import Testing

/// The numbers that the README shows are those that the program prints.
struct ReadmeTests {
    /// The lines of the README's block of code that begins with this command, without the command.
    private func answer(to command: String) throws -> [String] {
        let url = Fixtures.root.appendingPathComponent("README.md")
        let lines = try String(contentsOf: url, encoding: .utf8).components(separatedBy: "\n")
        let first = try #require(lines.firstIndex(of: "$ \(command)"), "the README has no '\(command)'")
        return Array(lines[(first + 1)...].prefix { $0 != "```" })
    }

    /// What the program prints about the photo of the README, which is run in the source tree's folder.
    private func printed(_ arguments: [String]) throws -> String {
        try Program.run(arguments.map { $0 == "Documentation/Pictures/chelsea.png" ? Program.photo : $0 }).text
    }

    @Test(arguments: [
        "switchback predict Documentation/Pictures/chelsea.png",
        "switchback ablation Documentation/Pictures/chelsea.png --layer fire9",
    ])
    func showsWhatACommandPrints(_ command: String) throws {
        var shown = try answer(to: command)
        var found = try printed(command.components(separatedBy: " ").dropFirst().map { $0 })
            .components(separatedBy: "\n")
        if shown.last == "…" {
            shown.removeLast()
            found = Array(found.prefix(shown.count))
        } else if found.last?.isEmpty == true {
            found.removeLast()
        }
        #expect(shown == found)
    }

    /// In the README each line of JSON after the first is set in by a space.
    @Test func showsWhatTheServiceAnswers() throws {
        let command = "curl -sF image=@Documentation/Pictures/chelsea.png localhost:8080/predict"
        let shown = try answer(to: command).map { $0.hasPrefix(" ") ? String($0.dropFirst()) : $0 }.joined()
        let found = try printed(["predict", "Documentation/Pictures/chelsea.png", "--format", "json"])
        #expect(shown == found.trimmingCharacters(in: .newlines))
    }
}
