import Foundation
import ONNX
import ONNXSchema
import Testing

/// Weights beside the model: from its folder, or not at all.
@Suite struct ExternalDataTests {
    private func error(_ model: TinyModel, folder: String? = nil) -> ONNXError? {
        #expect(throws: ONNXError.self) { try model.imported(folder: folder) }
    }

    private func isExternal(_ error: ONNXError?) -> Bool {
        if case .externalData = error { true } else { false }
    }

    @Test func readsNoFileOutsideTheFolder() throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("onnx-\(UUID().uuidString)")
        let folder = root.appendingPathComponent("model")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: root) }
        let secret = root.appendingPathComponent("secret.bin")
        try Data(count: 288).write(to: secret)
        try FileManager.default.createSymbolicLink(
            at: folder.appendingPathComponent("link.bin"), withDestinationURL: secret)
        try Data(count: 100).write(to: folder.appendingPathComponent("short.bin"))
        let locations = [
            "../secret.bin", secret.path, "link.bin", "", ".", "..", "a/../../secret.bin", "missing.bin", "short.bin",
            "short.bin\0", "/dev/zero",
        ]
        for location in locations {
            #expect(isExternal(error(external(at: location), folder: folder.path)), "'\(location)'")
        }
        #expect(isExternal(error(external(at: "short.bin"))))
        for offset in ["18446744073709551615", "9223372036854775807", "-1", "x", "200"] {
            #expect(isExternal(error(external(at: "short.bin", offset: offset), folder: folder.path)), "\(offset)")
        }
    }

    private func external(at location: String, offset: String = "0") -> TinyModel {
        var model = TinyModel.classifier()
        model.proto.graph.initializer[0].floatData = []
        model.proto.graph.initializer[0].dataLocation = .external
        model.proto.graph.initializer[0].externalData = [("location", location), ("offset", offset)].map {
            var entry = Onnx_StringStringEntryProto()
            (entry.key, entry.value) = $0
            return entry
        }
        return model
    }
}
