import Foundation
import TestSupport

/// The files of the project: everything below its root but build products, version control and generated code.
struct SourceTree {
    /// A file's place relative to the root, with `/` between folders.
    typealias Path = String

    let root: URL
    let paths: [Path]

    /// The project's root, also where `Tests` was reached through a link.
    static var root: URL {
        Fixtures.root.appendingPathComponent("Tests").resolvingSymlinksInPath().deletingLastPathComponent()
    }

    init(root: URL = SourceTree.root) throws {
        self.root = root
        paths = try SourceTree.list(root.path, below: "").sorted()
    }

    private static func list(_ root: String, below folder: String) throws -> [Path] {
        var found: [Path] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: root + "/" + folder) {
            if isForeign(name) { continue }
            let path = folder + name
            let kind = try FileManager.default.attributesOfItem(atPath: root + "/" + path)[.type] as? FileAttributeType
            if kind == .typeDirectory {
                found += try list(root, below: path + "/")
            } else {
                found.append(path)
            }
        }
        return found
    }

    /// What tools leave behind: named in `.gitignore`, and no part of the project.
    private static func isForeign(_ name: String) -> Bool {
        [".git", "__pycache__", "Package.resolved", ".DS_Store", ".swiftpm", ".venv"].contains(name)
            || name.hasPrefix(".build") || name.hasSuffix(".o")
    }

    func text(_ path: Path) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// What programs wrote: the code of onnx.proto, and the bytes of the font.
    private static let generated = ["Sources/ONNXSchema/", "Sources/CFont/font.c"]

    /// The hand-written files in these folders whose names end like this.
    func files(in folders: [String], endings: [String]) -> [Path] {
        paths.filter { path in
            folders.contains { path.hasPrefix($0 + "/") } && endings.contains { path.hasSuffix($0) }
                && !SourceTree.generated.contains { path.hasPrefix($0) }
        }
    }

    /// The hand-written Swift files of the package and of the packages beside it.
    var swiftFiles: [Path] { files(in: ["Sources", "Tests", "Fuzz", "Benchmarks"], endings: [".swift"]) }
}
