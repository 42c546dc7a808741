import Foundation
import Kernels
import Networks
import ONNX
import ONNXSchema
import SwiftProtobuf

/// A model file in the making: an input 1×2×6×5, then the nodes of a test.
struct TinyModel {
    var proto = Onnx_ModelProto()

    init(opset: Int64 = 13, dimensions: [Int64] = [1, 2, 6, 5]) {
        var operators = Onnx_OperatorSetIdProto()
        operators.version = opset
        proto.irVersion = 7
        proto.opsetImport = [operators]
        proto.graph.input = [Self.value("x", dimensions)]
        proto.graph.output = [Self.value("y", [])]
    }

    static func value(_ name: String, _ dimensions: [Int64], type: Int32 = 1) -> Onnx_ValueInfoProto {
        var info = Onnx_ValueInfoProto()
        info.name = name
        info.type.tensorType.elemType = type
        info.type.tensorType.shape.dim = dimensions.map {
            var dimension = Onnx_TensorShapeProto.Dimension()
            dimension.dimValue = $0
            return dimension
        }
        return info
    }

    static func tensor(_ name: String, _ dimensions: [Int64], _ values: [Float]) -> Onnx_TensorProto {
        var tensor = Onnx_TensorProto()
        tensor.name = name
        tensor.dims = dimensions
        tensor.dataType = 1
        tensor.floatData = values
        return tensor
    }

    static func integers(_ name: String, _ values: [Int64]) -> Onnx_TensorProto {
        var tensor = Onnx_TensorProto()
        tensor.name = name
        tensor.dims = [Int64(values.count)]
        tensor.dataType = 7
        tensor.int64Data = values
        return tensor
    }

    mutating func weight(_ name: String, _ dimensions: [Int64], _ values: [Float]? = nil) {
        let count = Int(dimensions.reduce(1, *))
        proto.graph.initializer.append(
            Self.tensor(name, dimensions, values ?? (0..<count).map { Float($0 % 7) / 8 - 0.25 }))
    }

    mutating func node(
        _ operation: String, _ inputs: [String], _ output: String, name: String? = nil,
        _ attributes: [Onnx_AttributeProto] = []
    ) {
        var node = Onnx_NodeProto()
        node.opType = operation
        node.input = inputs
        node.output = [output]
        node.name = name ?? output + "_node"
        node.attribute = attributes
        proto.graph.node.append(node)
    }

    static func attribute(_ name: String, _ values: [Int64]) -> Onnx_AttributeProto {
        var attribute = Onnx_AttributeProto()
        attribute.name = name
        attribute.type = .ints
        attribute.ints = values
        return attribute
    }

    static func attribute(_ name: String, _ value: Int64) -> Onnx_AttributeProto {
        var attribute = Onnx_AttributeProto()
        attribute.name = name
        attribute.type = .int
        attribute.i = value
        return attribute
    }

    static func attribute(_ name: String, _ text: String) -> Onnx_AttributeProto {
        var attribute = Onnx_AttributeProto()
        attribute.name = name
        attribute.type = .string
        attribute.s = Data(text.utf8)
        return attribute
    }

    static func attribute(_ name: String, float value: Float) -> Onnx_AttributeProto {
        var attribute = Onnx_AttributeProto()
        attribute.name = name
        attribute.type = .float
        attribute.f = value
        return attribute
    }

    /// conv (4 maps) → global average pooling → flatten as `y`: a classifier around the nodes a test adds.
    static func classifier(opset: Int64 = 13, middle: (inout TinyModel) -> String = { _ in "conv" }) -> TinyModel {
        var model = TinyModel(opset: opset)
        model.weight("w", [4, 2, 3, 3])
        model.node("Conv", ["x", "w"], "conv")
        let last = middle(&model)
        model.node("GlobalAveragePool", [last], "gap")
        model.node("Flatten", ["gap"], "y")
        return model
    }

    /// The graph the importer makes of it, or the error.
    @discardableResult
    func imported(limits: ONNXLimits = ONNXLimits(), folder: String? = nil) throws -> NetworkGraph {
        let bytes = [UInt8](try proto.serializedData())
        return try ONNXImporter.model(
            from: bytes, options: ONNXImportOptions(externalDataFolder: folder, limits: limits)
        ).graph
    }
}
