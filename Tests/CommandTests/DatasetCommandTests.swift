import Foundation
import TestSupport
import Testing

/// `switchback ablation --dataset` from outside.
final class DatasetCommandTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for name in ["chelsea.png", "coffee.png"] {
            try Data(try Fixtures.bytes("images/\(name)")).write(to: folder.appendingPathComponent(name))
        }
        try write("path,class_ids\nchelsea.png,281 285\ncoffee.png,espresso\nmissing.png,1\n", "labels.csv")
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func write(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }

    private func ablation(_ arguments: [String]) throws -> Program.Result {
        try Program.run(["ablation", "--layer", "fire9", "--feature-map", "426,3+5"] + arguments)
    }

    @Test func tellsTheFallOfAccuracy() throws {
        let result = try ablation(["--dataset", folder.path])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.text.contains("(2 images)") && result.text.contains("top-1 100.0 %"))
        #expect(result.text.contains("3+5") && result.text.contains("all"))
        #expect(result.errors.contains("left out: missing.png: there is no such file"))
    }

    @Test func writesJSONByTheTableItIsTold() throws {
        try write("file,label\ncoffee.png,tabby\n", "other.csv")
        let result = try ablation([
            "--dataset", folder.path, "--labels", folder.appendingPathComponent("other.csv").path, "--format", "json",
        ])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.text.contains(#""accuracy":{"images":1,"top1":0"#), "\(result.text)")
        #expect(result.text.contains(#""dataset":{"name":"\#(folder.lastPathComponent)","sha256":""#))
    }

    @Test func drawsTheImagesThatExciteAMapMost() throws {
        let picture = folder.appendingPathComponent("figure.png").path
        let arguments = ["top-images", "--dataset", folder.path, "--layer", "fire5", "--feature-map", "top:2"]
        let table = try Program.run(arguments)
        #expect(table.status == 0 && table.text.contains("coffee.png"), "\(table.errors)")
        let drawn = try Program.run(arguments + ["-o", picture])
        #expect(drawn.status == 0, "\(drawn.errors)")
        #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: picture))).starts(with: [0x89, 0x50, 0x4E, 0x47]))
        #expect(try Program.run(["top-images", "--layer", "fire5"]).status == 64)
    }

    @Test(arguments: [
        (["--dataset", "/nonexistent"], 1, "no folder"), ([], 64, "--dataset"),
        (["--labels", "x.csv"], 64, "--dataset"), (["PHOTO", "--dataset", "FOLDER"], 64, "not both"),
        (["--dataset", "FOLDER", "--target", "281"], 64, "label"),
        (["--dataset", "FOLDER", "--view", "grid"], 64, "ranking"),
        (["--dataset", "FOLDER", "--labels", "/nonexistent.csv"], 1, "cannot be read"),
    ])
    func endsWithTheRightStatusAndWords(arguments: [String], status: Int32, words: String) throws {
        let result = try ablation(
            arguments.map { $0 == "PHOTO" ? Program.photo : $0 == "FOLDER" ? folder.path : $0 })
        #expect(result.status == status, "\(result.errors)")
        #expect(result.errors.contains(words), "\(result.errors)")
    }
}
