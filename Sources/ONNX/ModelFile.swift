import ONNXSchema
import SwiftProtobuf

/// A decoded model file whose envelope has been checked: operator set, size, one graph.
struct ModelFile {
    static let supportedOperatorSets = 9...21

    let graph: Onnx_GraphProto
    let operatorSet: Int

    init(_ bytes: [UInt8], limits: ONNXLimits) throws(ONNXError) {
        guard bytes.count <= limits.maximumFileBytes else {
            throw .limitExceeded(what: "bytes of the file", found: bytes.count, allowed: limits.maximumFileBytes)
        }
        let model = try Self.decoded(bytes)
        guard model.hasGraph, !model.graph.node.isEmpty else {
            throw .malformed(reason: "there is no graph in it")
        }
        guard model.graph.node.count <= limits.maximumNodes else {
            throw .limitExceeded(what: "nodes", found: model.graph.node.count, allowed: limits.maximumNodes)
        }
        guard model.graph.sparseInitializer.isEmpty else {
            let name = model.graph.sparseInitializer[0].values.name
            throw .invalidTensor(tensor: name, found: "a sparse tensor", expected: "a dense one")
        }
        operatorSet = try Self.operatorSet(of: model)
        graph = model.graph
    }

    private static func decoded(_ bytes: [UInt8]) throws(ONNXError) -> Onnx_ModelProto {
        do {
            return try Onnx_ModelProto(serializedBytes: bytes)
        } catch {
            throw .malformed(reason: "the bytes are not a protocol buffer of a model, or are cut off")
        }
    }

    /// The version of the operators of the standard domain; other domains are judged by the nodes that use them.
    private static func operatorSet(of model: Onnx_ModelProto) throws(ONNXError) -> Int {
        let versions = model.opsetImport.filter { isStandard($0.domain) }.map(\.version)
        guard let version = versions.max() else {
            throw .malformed(reason: "it names no version of the ai.onnx operators")
        }
        guard supportedOperatorSets.contains(Int(version)) else {
            throw .unsupportedOperatorSet(domain: "ai.onnx", found: Int(version), supported: supportedOperatorSets)
        }
        return Int(version)
    }

    static func isStandard(_ domain: String) -> Bool {
        domain.isEmpty || domain == "ai.onnx"
    }
}
