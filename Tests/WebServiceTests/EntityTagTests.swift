import Concurrency
import Foundation
import HTTP
import HTTPServer
import HTTPTypes
import Models
import Switchback
import TestSupport
import Testing
import WebService

/// Strong entity tags: another answer has another tag, the same answer the same.
struct EntityTagTests {
    /// The answer of a network whose four classes have these names.
    private func answer(labels: [String]) throws -> Response {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        let folder = root.appendingPathComponent("ties")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: root) }
        let network = Fixtures.url("reference/cases/ties/model.onnx")
        try FileManager.default.copyItem(at: network, to: folder.appendingPathComponent("model.onnx"))
        try Data(labels.joined(separator: "\n").utf8).write(to: folder.appendingPathComponent("labels.txt"))
        let description = """
            {"name": "ties", "labels": "labels.txt", "input": {"resize": {"exact": [28, 28]}, "color": "RGB",
             "scale": 1, "mean": [0, 0, 0], "std": [1, 1, 1]}}
            """
        try Data(description.utf8).write(to: folder.appendingPathComponent("model.json"))
        let engine = try ExplanationEngine(
            library: ModelLibrary(directories: [root.path]), pool: ComputePool(threads: 1))
        let service = WebService(engine: engine, logger: TestService.silent)
        let input = try Fixtures.bytes("reference/cases/ties/input.npy")
        let request = try Request(
            method: .post, target: "/predict", fields: [.contentType: "application/x-npy"], body: input)
        let context = RequestContext(requestID: "test-1", token: .never, logger: TestService.silent)
        return service.respond(to: request, context: context)
    }

    @Test func differWhereOnlyTheLabelsDiffer() throws {
        let (one, other) = try (answer(labels: ["a", "b", "c", "d"]), answer(labels: ["e", "f", "g", "h"]))
        #expect(one.status == .ok && one.body != other.body)
        #expect(one.fields[.eTag] != nil && one.fields[.eTag] != other.fields[.eTag])
    }

    @Test func areTheSameForTheSameAnswer() throws {
        let (one, other) = try (answer(labels: ["a", "b", "c", "d"]), answer(labels: ["a", "b", "c", "d"]))
        #expect(one.body == other.body)
        #expect(one.fields[.eTag] == other.fields[.eTag])
    }
}
