internal import Foundation
internal import Tensors

/// One question of a reference case with the numbers that a correct program answers.
///
/// A case is a folder with `model.onnx` (or a model of that name elsewhere), `input.npy`, and a folder a check that holds
/// `request.json` and the expected arrays; `Tests/Fixtures/reference` tells how they were made.
public struct ReferenceCheck: Sendable {
    /// The case and the check, such as `zfnet/predict`.
    public let name: String
    let folder: URL
    let model: String
    let input: [UInt8]
    let request: Request

    /// What is asked, in network units.
    struct Request: Decodable, Sendable {
        let kind: String
        let layer: String?
        let featureMap: Int?
        let unit: [Int]?
        let overlap: String?
        let seed: String?
        let lrn: String?
        let patch: Int?
        let stride: Int?
        let fill: Float?
        let target: Int?

        enum CodingKeys: String, CodingKey {
            case kind, layer, unit, overlap, seed, lrn, patch, stride, target
            case featureMap = "feature_map"
            case fill = "fill_in_network_units"
        }
    }

    /// Every check in the folder of cases at `path`, by name.
    ///
    /// - Throws: `SelftestError` where there is none, or one cannot be read.
    public static func all(in path: String) throws(SelftestError) -> [ReferenceCheck] {
        let root = URL(fileURLWithPath: path, isDirectory: true)
        var checks: [ReferenceCheck] = []
        do {
            for model in try FileManager.default.contentsOfDirectory(atPath: path).sorted() {
                let folder = root.appendingPathComponent(model, isDirectory: true)
                guard let input = try? Data(contentsOf: folder.appendingPathComponent("input.npy")) else { continue }
                for check in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
                    let place = folder.appendingPathComponent(check, isDirectory: true)
                    guard let json = try? Data(contentsOf: place.appendingPathComponent("request.json")) else {
                        continue
                    }
                    checks.append(
                        ReferenceCheck(
                            name: "\(model)/\(check)", folder: place, model: model, input: [UInt8](input),
                            request: try JSONDecoder().decode(Request.self, from: json)))
                }
            }
        } catch {
            throw .unreadable(path: path, reason: "\(error)")
        }
        guard !checks.isEmpty else { throw .noCases(path: path) }
        return checks
    }

    /// The expected array `name`.
    func expected(_ name: String) throws -> Tensor {
        try NPY.decode([UInt8](try Data(contentsOf: folder.appendingPathComponent(name + ".npy"))))
    }
}

/// Why the self-test cannot run.
public enum SelftestError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no case in the folder.
    case noCases(path: String)
    /// A case cannot be read.
    case unreadable(path: String, reason: String)

    /// What was wrong, and where.
    public var description: String {
        switch self {
        case .noCases(let path): "there are no reference cases in '\(path)'"
        case .unreadable(let path, let reason): "the reference cases in '\(path)' cannot be read: \(reason)"
        }
    }
}
