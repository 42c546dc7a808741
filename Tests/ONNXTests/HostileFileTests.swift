import Foundation
import ONNX
import ONNXSchema
import TestSupport
import Testing

/// Files that lie: each is refused with a sentence, none traps, none takes the memory it claims.
@Suite struct HostileFileTests {
    private func error(_ model: TinyModel, limits: ONNXLimits = ONNXLimits(), folder: String? = nil) -> ONNXError? {
        #expect(throws: ONNXError.self) { try model.imported(limits: limits, folder: folder) }
    }

    private func isLimit(_ error: ONNXError?) -> Bool {
        if case .limitExceeded = error { true } else { false }
    }

    private func isMalformed(_ error: ONNXError?) -> Bool {
        if case .malformed = error { true } else { false }
    }

    @Test func refusesBytesThatAreNoModel() throws {
        for bytes in [[], [0], [0x08, 0x07], Array("hello, world".utf8), [UInt8](repeating: 0xFF, count: 100)] {
            let found = #expect(throws: ONNXError.self) { try ONNXImporter.model(from: bytes) }
            #expect(isMalformed(found), "\(bytes.prefix(4))")
        }
    }

    @Test func refusesFilesOverTheLimit() throws {
        let bytes = try Fixtures.bytes("onnx-forms/relu-opset14.onnx")
        let options = ONNXImportOptions(limits: ONNXLimits(maximumFileBytes: 100))
        #expect(throws: ONNXError.limitExceeded(what: "bytes of the file", found: bytes.count, allowed: 100)) {
            try ONNXImporter.model(from: bytes, options: options)
        }
    }

    @Test func refusesGiganticTensors() {
        for dimensions: [Int64] in [[1 << 40, 2, 3, 3], [1 << 62, 1 << 62, 4, 4], [0, 1 << 62, 1 << 62, 1]] {
            var model = TinyModel.classifier()
            model.proto.graph.initializer[0].dims = dimensions
            guard case .limitExceeded(let what, _, let allowed) = error(model) else {
                Issue.record("\(dimensions) taken")
                continue
            }
            #expect(what == "elements of tensor 'w' of dimensions \(dimensions)")
            #expect(allowed == 1 << 28)
        }
    }

    @Test func refusesTensorsWithoutTheirData() {
        var model = TinyModel.classifier()
        model.proto.graph.initializer[0].floatData.removeLast()
        #expect(
            error(model)
                == .invalidTensor(
                    tensor: "w", found: "71 elements of FLOAT", expected: "72 for dimensions [4, 2, 3, 3]"))
        model.proto.graph.initializer[0].rawData = Data([1, 2, 3])
        #expect(
            error(model)
                == .invalidTensor(tensor: "w", found: "3 bytes of data", expected: "288 for FLOAT [4, 2, 3, 3]"))
        model.proto.graph.initializer[0].dims = [-4, 2, 3, 3]
        #expect(
            error(model)
                == .invalidTensor(tensor: "w", found: "dimensions [-4, 2, 3, 3]", expected: "no negative dimension"))
        model.proto.graph.initializer[0].dataType = 8
        #expect(error(model)?.description.hasPrefix("tensor 'w': elements of type STRING; expected FLOAT") == true)
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity]) func refusesWeightsThatAreNotFinite(_ value: Float) {
        var model = TinyModel.classifier()
        model.proto.graph.initializer[0].floatData[5] = value
        #expect(
            error(model)
                == .invalidNode(
                    node: "conv_node", operation: "Conv", found: "weights hold \(value)", expected: "finite numbers"))
    }

    @Test func refusesCycles() {
        let model = TinyModel.classifier { model in
            model.node("Add", ["conv", "b"], "a")
            model.node("Relu", ["a"], "b")
            return "b"
        }
        guard case .cycle(let nodes) = error(model) else {
            Issue.record("taken")
            return
        }
        #expect(nodes.contains("a_node") && nodes.contains("b_node"))
    }

    @Test func refusesMissingAndDoubledValues() {
        let missing = TinyModel.classifier { model in
            model.node("Relu", ["nowhere"], "r")
            return "r"
        }
        #expect(error(missing) == .undefinedValue(value: "nowhere", node: "r_node"))
        let doubled = TinyModel.classifier { model in
            model.node("Relu", ["conv"], "r")
            model.node("Tanh", ["conv"], "r")
            return "r"
        }
        #expect(error(doubled) == .duplicateValue(value: "r"))
        var twice = TinyModel.classifier()
        twice.weight("w", [1])
        #expect(error(twice) == .duplicateValue(value: "w"))
        let overwritten = TinyModel.classifier { model in
            model.node("Relu", ["conv"], "x")
            return "x"
        }
        #expect(error(overwritten) == .duplicateValue(value: "x"))
    }

    @Test func refusesNodesWithoutInputsOrOutputs() {
        let operations = [
            "Conv", "Relu", "Add", "Concat", "Gemm", "Reshape", "Clip", "Softmax", "Pad", "Sum", "Squeeze",
        ]
        for operation in operations {
            let model = TinyModel.classifier { model in
                model.node(operation, [], "n")
                return "n"
            }
            #expect(error(model) != nil, "\(operation)")
        }
        var silent = TinyModel.classifier()
        silent.proto.graph.node[0].output = [""]
        #expect(error(silent) == .undefinedValue(value: "conv", node: "gap_node"))
    }

    @Test func refusesWindowsBeyondReason() {
        let attributes: [[Onnx_AttributeProto]] = [
            [TinyModel.attribute("strides", [0, 1])], [TinyModel.attribute("strides", [-1, 1])],
            [TinyModel.attribute("strides", [1])], [TinyModel.attribute("dilations", [1 << 40, 1])],
            [TinyModel.attribute("pads", [-1, 0, 0, 0])], [TinyModel.attribute("pads", [Int64.max, 0, 0, 0])],
            [TinyModel.attribute("kernel_shape", [5, 5])], [TinyModel.attribute("kernel_shape", [3])],
            [TinyModel.attribute("group", 0)], [TinyModel.attribute("group", Int64.max)],
            [TinyModel.attribute("dilations", [9, 9])], [TinyModel.attribute("auto_pad", "SOMEHOW")],
            [TinyModel.attribute("strides", 1)], [TinyModel.attribute("pads", [0, 0, 0, 0, 0, 0])],
            [TinyModel.attribute("strides", [1, 1]), TinyModel.attribute("strides", [1, 1])],
        ]
        for attribute in attributes {
            var model = TinyModel.classifier()
            model.proto.graph.node[0].attribute = attribute
            guard case .invalidNode(let node, _, _, _) = error(model) else {
                Issue.record("\(attribute[0].name) \(attribute[0].ints) \(attribute[0].i)")
                continue
            }
            #expect(node == "conv_node")
        }
    }

    @Test func refusesPoolingsThatSeePaddingAlone() {
        let model = TinyModel.classifier { model in
            model.node(
                "MaxPool", ["conv"], "m",
                [TinyModel.attribute("kernel_shape", [2, 2]), TinyModel.attribute("pads", [3, 0, 0, 0])])
            return "m"
        }
        #expect(error(model)?.description.contains("windows that see nothing but padding") == true)
    }

    @Test func refusesNetworksThatCostTooMuch() {
        let model = TinyModel.classifier { model in
            model.node(
                "MaxPool", ["conv"], "m",
                [TinyModel.attribute("kernel_shape", [1, 1])])
            return "m"
        }
        #expect(
            error(model, limits: ONNXLimits(maximumMultiplyAdds: 500))
                == .limitExceeded(what: "multiply-adds of node 'conv_node'", found: 864, allowed: 500))
        #expect(
            error(model, limits: ONNXLimits(maximumActivations: 70))
                == .limitExceeded(what: "values of the activations up to node 'm_node'", found: 96, allowed: 70))
        #expect(
            error(model, limits: ONNXLimits(maximumNodes: 3)) == .limitExceeded(what: "nodes", found: 4, allowed: 3))
        #expect(isLimit(error(model, limits: ONNXLimits(maximumWeights: 71))))
        var wide = TinyModel.classifier()
        wide.proto.graph.input = [TinyModel.value("x", [1, 2, 1 << 20, 1 << 20])]
        #expect(isLimit(error(wide)))
        wide.proto.graph.input = [TinyModel.value("x", [1, 2, 1 << 50, 5])]
        #expect(isLimit(error(wide)))
    }

    @Test func countsWeightsThatManyNodesShare() {
        var model = TinyModel()
        model.weight("w", [2, 2, 1, 1])
        var last = "x"
        for index in 0..<10 {
            model.node("Conv", [last, "w"], "c\(index)")
            last = "c\(index)"
        }
        model.node("GlobalAveragePool", [last], "gap")
        model.node("Flatten", ["gap"], "y")
        #expect(
            error(model, limits: ONNXLimits(maximumWeights: 16))
                == .limitExceeded(what: "values of the weights up to node 'c4_node'", found: 20, allowed: 16))
    }

    @Test func refusesShapeArithmeticThatOverflows() {
        let cases: [(String, Int64, Int64)] = [
            ("Add", .max, 1), ("Mul", .max, 2), ("Sub", .min, 1), ("Div", 1, 0), ("Div", .min, -1),
        ]
        for (operation, a, b) in cases {
            let model = TinyModel.classifier { model in
                model.proto.graph.initializer += [TinyModel.integers("a", [a]), TinyModel.integers("b", [b])]
                model.node(operation, ["a", "b"], "s")
                model.node("Reshape", ["conv", "s"], "r")
                return "r"
            }
            #expect(error(model)?.description.contains("have no result in 64 bits") == true, "\(operation)")
        }
    }

    @Test func refusesShapesThatDoNotFit() {
        let shapes: [[Int64]] = [
            [1, 47], [-1, 7], [-1, -1], [0, 0, 0, 0, 0], [Int64.max, Int64.max], [-2, 48], [Int64.min], [],
            [2, 24], [4, 12], Array(repeating: 1, count: 40) + [48],
        ]
        for shape in shapes {
            let model = TinyModel.classifier { model in
                model.proto.graph.initializer.append(TinyModel.integers("s", shape))
                model.node("Reshape", ["conv", "s"], "r")
                return "r"
            }
            #expect(error(model) != nil, "\(shape)")
        }
    }

    @Test func refusesDeepNesting() throws {
        var inner = Onnx_GraphProto()
        for _ in 0..<300 {
            var attribute = Onnx_AttributeProto()
            attribute.g = inner
            var node = Onnx_NodeProto()
            node.attribute = [attribute]
            inner = Onnx_GraphProto()
            inner.node = [node]
        }
        var model = TinyModel.classifier()
        model.proto.graph.node += inner.node
        #expect(isMalformed(error(model)))
    }
}
