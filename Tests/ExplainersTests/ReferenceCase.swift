import Foundation
import Models
import Tensors
import TestSupport
import Testing

/// A network of the reference with its input, and the checks made on it.
struct ReferenceCase {
    let name: String
    let model: Model
    let input: PreparedInput

    static let small = ["zfnet", "residual", "inception", "depthwise", "ties"]
    static let embedded = "squeezenet1.1"
    static let names = small + [embedded]

    init(_ name: String) throws {
        self.name = name
        let folder =
            name == Self.embedded
            ? Fixtures.root.appendingPathComponent("Models/\(name)") : Fixtures.url("reference/cases/\(name)")
        model = try Model.load(from: folder.path)
        input = try model.prepare(NPY.decode(Fixtures.bytes("reference/cases/\(name)/input.npy")))
    }

    /// The checks of one kind, over all networks.
    static func checks(_ prefix: String) -> [ReferenceCheck] {
        names.flatMap { name -> [ReferenceCheck] in
            let folders =
                (try? FileManager.default.contentsOfDirectory(atPath: Fixtures.url("reference/cases/\(name)").path))
                ?? []
            return folders.filter { $0.hasPrefix(prefix) }.sorted().map { ReferenceCheck(network: name, folder: $0) }
        }
    }
}

/// One folder of the reference: what is asked, and the expected arrays.
struct ReferenceCheck: Sendable, CustomTestStringConvertible {
    let network: String
    let folder: String

    var testDescription: String { "\(network)/\(folder)" }

    /// What is asked, in the words of `request.json`.
    func request() throws -> ReferenceRequest {
        let bytes = try Fixtures.bytes("reference/cases/\(network)/\(folder)/request.json")
        return try JSONDecoder().decode(ReferenceRequest.self, from: Data(bytes))
    }

    /// An expected array.
    func array(_ name: String) throws -> Tensor {
        try NPY.decode(Fixtures.bytes("reference/cases/\(network)/\(folder)/\(name).npy"))
    }
}

/// The members of `request.json`; each kind of check has some of them.
struct ReferenceRequest: Decodable {
    let layer: String?
    let featureMap: Int?
    let unit: [Int]?
    let overlap: String?
    let seed: String?
    let lrn: String?
    let activation: Float?
    let patch: Int?
    let stride: Int?
    let fill: Float?
    let target: Int?

    enum CodingKeys: String, CodingKey {
        case layer, unit, overlap, seed, lrn, activation, patch, stride, target
        case featureMap = "feature_map"
        case fill = "fill_in_network_units"
    }
}
