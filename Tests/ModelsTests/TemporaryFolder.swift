import Foundation
import TestSupport

/// A folder of a test's own, gone with it.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("models-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    var path: String { url.path }

    func write(_ text: String, to path: String) throws {
        try write(Array(text.utf8), to: path)
    }

    func write(_ bytes: [UInt8], to path: String) throws {
        let file = url.appendingPathComponent(path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    /// A model folder with the small network `ties` (3×28×28, four classes).
    func writeModel(_ name: String, json: String? = nil, labels: String? = nil) throws {
        try write(Fixtures.bytes("reference/cases/ties/model.onnx"), to: "\(name)/model.onnx")
        if let json { try write(json, to: "\(name)/model.json") }
        if let labels { try write(labels, to: "\(name)/labels.txt") }
    }
}
