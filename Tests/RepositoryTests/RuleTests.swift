import Foundation
import TestSupport
import Testing

/// Each rule catches what it is there for.
@Suite struct RuleTests {
    private let table = """
        ## Modules

        | Target | Holds | Uses directly |
        |---|---|---|
        | `Tensors` | shapes | – |
        | `ONNX` | import | Tensors, Networks; SwiftProtobuf |

        ## Other

        | `Fake` | not of this table | Tensors |
        """

    @Test func theModuleTableIsRead() {
        #expect(
            ArchitectureTables.modules(in: table) == [
                "Tensors": [], "ONNX": ["Tensors", "Networks", "SwiftProtobuf"],
            ])
    }

    @Test func catchesAnImportOutsideTheTable() {
        let rule = ImportRule(modules: ["ONNX": ["Tensors", "Networks"]])
        let good = SwiftText("import Foundation\npublic import Tensors\ninternal import struct Networks.Graph\n")
        #expect(rule.violations(target: "ONNX", files: [("a.swift", good)]) == [])
        let bad = SwiftText("import Tensors\nimport Networks\n@testable import Imaging // import Rendering\n")
        #expect(
            rule.violations(target: "ONNX", files: [("a.swift", bad)]) == [
                "a.swift imports Imaging, which the module table does not let ONNX use"
            ])
        #expect(
            rule.violations(target: "ONNX", files: [("a.swift", SwiftText("import Tensors"))]) == [
                "the module table says that ONNX uses Networks, but no file of it imports it"
            ])
        #expect(rule.violations(target: "New", files: []) == ["New has no row in the module table"])
    }

    @Test func catchesAManifestThatDiffersFromTheTable() {
        let manifest = """
                static var log: Target.Dependency { .product(name: "Logging", package: "swift-log") }
                targets: [
                    .module("ONNX", uses: ["Tensors", .log], exclude: ["a"]),
                    .tests("ONNXTests", uses: ["ONNX"]),
                    .target(name: "C"),
                    .program(
                        "New",
                        uses: ["ONNX"]),
            """
        let rule = ImportRule(modules: ["ONNX": ["Tensors", "Networks"], "C": []])
        #expect(
            Set(rule.violations(manifest: "\n" + manifest)) == [
                "ONNX depends on Logging in Package.swift alone", "ONNX depends on Networks in the module table alone",
                "Package.swift has the target New, the module table has not",
            ])
    }

    @Test func catchesUnsafeCodeInOtherPlaces() {
        let rule = UnsafeRule(places: ["Sources/Kernels/", "Sources/Tensors/Tensor.swift"])
        let examples = [
            "let a = unsafe f()", "var p: UnsafePointer<Int8>?", "let u = Unmanaged.passRetained(x)",
            "func f(p: UnsafeMutableRawBufferPointer) {}", "a.withUnsafeBytes { g($0) }",
        ]
        for line in examples {
            #expect(rule.violations(path: "Sources/Tensors/NPY.swift", text: SwiftText(line)).count == 1)
        }
        #expect(
            rule.violations(path: "Sources/Tensors/NPY.swift", text: SwiftText("// unsafe\nlet x = \"unsafe\"")) == [])
    }

    @Test func catchesUnsafeCodeWithoutASentence() {
        let rule = UnsafeRule(places: ["Sources/Kernels/"])
        func faults(_ text: String) -> Int {
            rule.violations(path: "Sources/Kernels/A.swift", text: SwiftText(text)).count
        }
        #expect(faults("func f() {\n    unsafe g()\n}") == 1)
        #expect(faults("func f() {\n    // SAFETY: g is sound.\n    unsafe g()\n}") == 0)
        #expect(faults("// SAFETY: for all of the file.\n\nfunc f() {\n    unsafe g()\n}") == 0)
        #expect(faults("struct S {\n    // SAFETY: f is sound.\n    func f() { unsafe g() }\n}") == 0)
        let other = "struct S {\n    func a() {\n        // SAFETY: a alone.\n    }\n    func f() { unsafe g() }\n}"
        #expect(faults(other) == 1)
        #expect(faults("func f(p: UnsafePointer<Int>) {\n    h(p)\n}") == 0)
    }

    @Test func catchesLongFilesAndFunctions() {
        let body = String(repeating: "    f()\n", count: 39)
        let function = SwiftText("func long() {\n\(body)}\n")
        let file = SwiftText(String(repeating: "let x = 1\n", count: 251))
        let rule = SizeRule(exceptions: [])
        #expect(
            rule.violations(files: [("a.swift", function), ("b.swift", file)]) == [
                "long in a.swift:1 has 41 lines; at most 40 are allowed",
                "b.swift has 251 lines; at most 250 are allowed",
            ])
        let excused = SizeRule(exceptions: SizeRule.exceptions(in: "a.swift#long 45 one flat table\n").exceptions)
        #expect(excused.violations(files: [("a.swift", function)]) == [])
        #expect(excused.violations(files: []) == ["exceptions.txt: a.swift#long needs no exception any more"])
    }

    @Test func catchesExceptionsWithoutReasonOrBound() {
        let text = "# a comment\na.swift 300\nb.swift 401 a good reason\nc.swift#f 61 a good reason\nd.swift 260 x\n"
        #expect(
            SizeRule.exceptions(in: text).faults == [
                "exceptions.txt: 'a.swift 300' is not a path, a limit and a reason",
                "exceptions.txt: b.swift may have 400 lines at most, not 401",
                "exceptions.txt: c.swift#f may have 60 lines at most, not 61",
                "exceptions.txt: 'd.swift 260 x' is not a path, a limit and a reason",
            ])
    }

    @Test func catchesABinaryWithoutItsMaker() {
        let paths = [
            "Tests/Fixtures/make.py", "Tests/Fixtures/a/x.npy", "Tests/Fixtures/b/make.sh", "Tests/Fixtures/b/c/y.PNG",
            "Tests/Fixtures/z.bin", "Tests/Fixtures/a/notes.txt",
        ]
        #expect(
            FixtureRule().violations(paths: paths) == [
                "Tests/Fixtures/a/x.npy has no script beside it that makes it",
                "Tests/Fixtures/z.bin has no script beside it that makes it",
            ])
    }

    @Test func catchesUnfinishedWork() {
        for line in ["// TODO: later", "f() // FIXME", "let x = try! f()", "fatalError(\"no\")", "let y = x as! Int"] {
            #expect(WordRule.unfinished(path: "a", text: SwiftText(line)).count == 1)
        }
        #expect(WordRule.unfinished(path: "a", text: SwiftText("print(\"fatalError(\")")) == [])
    }

    @Test func catchesSleepingTests() {
        for line in ["usleep(10)", "sleep(1)", "try await Task.sleep(for: x)", "queue.asyncAfter(deadline: d) {}"] {
            #expect(WordRule.sleeping(path: "a", text: SwiftText(line)).count >= 1)
        }
        #expect(WordRule.sleeping(path: "a", text: SwiftText("// never sleep(1)\nlet asleep = 1")) == [])
    }

    @Test func catchesPathsOfAMachine() {
        for path in ["/home/" + "anna/x", "cd /root/" + "x", "\"/Users/" + "bob\"", "=/opt/" + "swift"] {
            #expect(WordRule.machinePaths(path: "a", text: path).count == 1)
        }
        for text in ["a/home/x", "https://host/home/x", "/usr/lib/x", "GET /images/x", "${DIR}/opt/x"] {
            #expect(WordRule.machinePaths(path: "a", text: text) == [])
        }
    }

    @Test func catchesALayoutThatTheFormatterWouldChange() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("Bad-\(UUID().uuidString).swift")
        defer { try? FileManager.default.removeItem(at: file) }
        let rule = FormatRule(configuration: SourceTree.root.appendingPathComponent(".swift-format"))
        try Data("public func f( ) {\n  let x = y!\n}\n".utf8).write(to: file)
        let found = try rule.violations(files: [file])
        #expect(found.contains { $0.contains("NeverForceUnwrap") })
        #expect(found.contains { $0.contains("AllPublicDeclarationsHaveDocumentation") })
        #expect(found.contains { $0.contains("Indentation") })
        try Data("let fine = 1\n".utf8).write(to: file)
        #expect(try rule.violations(files: [file]) == [])
    }
}
