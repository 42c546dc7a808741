import Foundation
import TestSupport
import Testing

/// The tree as it is follows each rule.
@Suite struct RepositoryTests {
    private let tree: SourceTree
    private let architecture: String

    init() throws {
        tree = try SourceTree()
        architecture = try tree.text("ARCHITECTURE.md")
    }

    private func texts(_ paths: [String]) throws -> [(path: String, text: SwiftText)] {
        try paths.map { ($0, SwiftText(try tree.text($0))) }
    }

    private func expectNone(_ violations: [String]) {
        for violation in violations { Issue.record(Comment(rawValue: violation)) }
    }

    @Test func importsFollowTheModuleTable() throws {
        let rule = ImportRule(modules: ArchitectureTables.modules(in: architecture))
        #expect(rule.modules.count >= 15)
        let folders = Set(tree.paths.filter { $0.hasPrefix("Sources/") }.map { String($0.split(separator: "/")[1]) })
        for target in folders.sorted() {
            let paths = tree.paths.filter { $0.hasPrefix("Sources/\(target)/") && $0.hasSuffix(".swift") }
            expectNone(rule.violations(target: target, files: try texts(paths)))
        }
        expectNone(rule.violations(manifest: try tree.text("Package.swift")))
    }

    @Test func unsafeCodeStandsInItsPlacesUnderASentence() throws {
        let rows = ArchitectureTables.rows(in: architecture, under: "Unsafe code")
        let rule = UnsafeRule(places: rows.map { $0[0].replacing("`", with: "") })
        #expect(rule.places.count >= 5)
        for (path, text) in try texts(tree.files(in: ["Sources"], endings: [".swift"])) {
            expectNone(rule.violations(path: path, text: text))
        }
        for place in rule.places where !tree.paths.contains(where: { $0.hasPrefix(place) }) {
            Issue.record("ARCHITECTURE.md allows unsafe code in \(place), which is not there")
        }
    }

    @Test func filesAndFunctionsAreShort() throws {
        let list = SizeRule.exceptions(in: try tree.text("Tests/RepositoryTests/exceptions.txt"))
        expectNone(list.faults)
        let code = tree.files(in: ["Sources", "Tests", "Fuzz", "Benchmarks"], endings: [".swift", ".c", ".h"])
        expectNone(SizeRule(exceptions: list.exceptions).violations(files: try texts(code)))
    }

    @Test func everyFixtureHasItsMaker() {
        expectNone(FixtureRule().violations(paths: tree.paths))
    }

    @Test func sourcesAreFinished() throws {
        for (path, text) in try texts(tree.files(in: ["Sources"], endings: [".swift", ".c", ".h"])) {
            expectNone(WordRule.unfinished(path: path, text: text))
        }
    }

    @Test func testsDoNotSleep() throws {
        for (path, text) in try texts(tree.files(in: ["Tests"], endings: [".swift"])) {
            expectNone(WordRule.sleeping(path: path, text: text))
        }
    }

    @Test func noPathOfAMachineIsInTheTree() throws {
        for path in tree.paths {
            let bytes = try Data(contentsOf: tree.root.appendingPathComponent(path))
            if bytes.count > 1 << 20 || bytes.contains(0) { continue }
            expectNone(WordRule.machinePaths(path: path, text: String(decoding: bytes, as: UTF8.self)))
        }
    }

    @Test func everySwiftFileIsFormatted() throws {
        let rule = FormatRule(configuration: tree.root.appendingPathComponent(".swift-format"))
        let files = tree.swiftFiles + ["Package.swift"].filter(tree.paths.contains)
        expectNone(try rule.violations(files: files.map { tree.root.appendingPathComponent($0) }))
    }
}
