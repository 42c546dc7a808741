import Foundation
import HTTP
import HTTPTypes
import Testing
import WebService

/// What the service says of its models and itself.
struct ModelsRouteTests {
    private static let service = Result { try TestService() }

    private func get(_ target: String) throws -> [String: Any] {
        let answer = try Self.service.get().ask(target, method: .get, type: nil)
        #expect(answer.status == .ok)
        return try TestService.object(answer)
    }

    @Test func listsTheModelsAndTheDefault() throws {
        let models = try get("/models")["models"] as? [[String: Any]] ?? []
        let names = models.compactMap { $0["name"] as? String }
        #expect(names.contains("squeezenet1.1") && names.contains("zfnet") && names == names.sorted())
        let standard = models.filter { $0["default"] as? Bool == true }
        #expect(standard.compactMap { $0["name"] as? String } == ["squeezenet1.1"])
    }

    @Test func listsLayersWithShapesAndReceptiveFields() throws {
        let model = try get("/models/squeezenet1.1")
        #expect(model["classes"] as? Int == 1000)
        #expect((model["labels"] as? [String])?[285].contains("Egyptian") == true)
        #expect(model["default_layer"] as? String == "fire9_concat")
        let layers = model["layers"] as? [[String: Any]] ?? []
        let first = try #require(layers.first)
        #expect(first["name"] as? String == "conv1_relu")
        #expect(first["shape"] as? [Int] == [64, 114, 114])
        let field = first["receptive_field"] as? [String: Int]
        #expect(field == ["height": 3, "width": 3, "stride_y": 2, "stride_x": 2])
        let pool = layers.first { $0["name"] as? String == "pool1" }
        #expect(pool?["receptive_field"] as? [String: Int] == ["height": 7, "width": 7, "stride_y": 4, "stride_x": 4])
    }

    @Test func saysThatItIsAlive() throws {
        #expect(try get("/healthz")["status"] as? String == "ok")
    }

    @Test func isUrgentOnlyForTheHealthCheck() throws {
        let service = try Self.service.get().service
        #expect(service.isUrgent(try Request(method: .get, target: "/healthz").head))
        #expect(!service.isUrgent(try Request(method: .get, target: "/models").head))
    }
}
