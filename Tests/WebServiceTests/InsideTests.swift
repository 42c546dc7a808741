import Concurrency
import Foundation
import HTTP
import HTTPServer
import HTTPTypes
import Logging
import Switchback
import TestLogs
import Testing
import TestSupport

@testable import WebService

/// What is wrong with the operator's files is said in the log, and not to clients.
struct InsideTests {
    private let models: BrokenModel

    init() throws {
        models = try BrokenModel()
    }

    @Test(arguments: [("GET", "/models/bad"), ("POST", "/predict?model=bad")])
    func aBrokenModelIsToldWithoutItsPath(method: String, target: String) throws {
        let photo = method == "POST" ? try TestService.chelsea() : []
        try withRunningService(try models.service()) { client in
            let answer = try client.send(method, target, type: photo.isEmpty ? nil : "image/png", body: photo)
            #expect(answer.status == 500)
            let text = String(decoding: answer.body, as: UTF8.self)
            #expect(text.contains("the request id leads to the reason") && !text.contains("/"), "\(text)")
        }
    }

    @Test func theLogHasTheReasonWithTheRequest() throws {
        let lines = Guarded<[String]>([])
        let logger = ObservedLog.logger { _, message, metadata in
            lines.withLock { $0.append("\(message) \(metadata)") }
        }
        let context = RequestContext(requestID: "test-1", logger: logger)
        let request = try Request(method: .get, target: "/models/bad")
        #expect(try models.service().service.respond(to: request, context: context).status.code == 500)
        let line = try #require(lines.withLock { $0 }.first)
        #expect(line.contains("test-1") && line.contains(models.root.path), "\(line)")
    }

    @Test func anArchiveThatIsGoneIsNamedWithoutItsPath() throws {
        let folder = models.root.appendingPathComponent("sets")
        let archive = folder.appendingPathComponent("photos.tar")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(try Fixtures.bytes("data-sets/photos.tar")).write(to: archive)
        let set = try DatasetCatalog(directories: [folder.path]).dataset(named: "photos")
        try FileManager.default.removeItem(at: archive)
        let image = try #require(set.dataset.images.first)
        let error = #expect(throws: SwitchbackError.self) { try set.bytes(of: image) }
        let problem = Problem(try #require(error))
        #expect(problem.status.code == 500)
        #expect(problem.detail == "the archive of data set 'photos' cannot be read any more")
    }
}

/// A folder with a model `bad`, whose network is none.
private final class BrokenModel {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

    init() throws {
        let folder = root.appendingPathComponent("bad")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("no network".utf8).write(to: folder.appendingPathComponent("model.onnx"))
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    /// A service over the embedded models and this one.
    func service() throws -> TestService {
        try TestService(models: [Fixtures.root.appendingPathComponent("Models").path, root.path])
    }
}
