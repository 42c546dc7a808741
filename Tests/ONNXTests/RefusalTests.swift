import ONNX
import ONNXSchema
import Testing

/// What cannot be taken is named with its node, and with what could be.
@Suite struct RefusalTests {
    private func error(_ model: TinyModel, folder: String? = nil) -> String {
        do {
            try model.imported(folder: folder)
            return "nothing thrown"
        } catch {
            return "\(error)"
        }
    }

    @Test func namesTheNodeOfAnUnknownOperator() {
        let model = TinyModel.classifier { model in
            model.node("ConvTranspose", ["conv", "w"], "up", name: "conv3")
            return "up"
        }
        let words = error(model)
        #expect(
            words.hasPrefix("node 'conv3' (ConvTranspose): operator not supported; supported are Add, AveragePool,"))
    }

    @Test func namesAnOperatorOfAnotherDomain() {
        var model = TinyModel.classifier()
        model.proto.graph.node[1].domain = "com.microsoft"
        #expect(error(model).hasPrefix("node 'gap_node' (com.microsoft.GlobalAveragePool): operator not supported"))
    }

    @Test func callsANamelessNodeByItsOutput() {
        let model = TinyModel.classifier { model in
            model.node("Erf", ["conv"], "e", name: "")
            return "e"
        }
        #expect(error(model).hasPrefix("node 'e' (Erf): operator not supported"))
    }

    @Test func namesAnUnknownAttribute() {
        let model = TinyModel.classifier { model in
            model.node("Relu", ["conv"], "r", [TinyModel.attribute("slope", 1)])
            return "r"
        }
        #expect(error(model) == "node 'r_node' (Relu): attribute 'slope' not supported; supported are none")
    }

    @Test(arguments: [8, 22, 0, -1, Int64.max]) func namesTheOperatorSet(_ version: Int64) {
        #expect(
            error(TinyModel.classifier(opset: version))
                == "operator set 'ai.onnx' version \(version): supported is 'ai.onnx' 9–21")
    }

    @Test func refusesInputsThatAreNoImage() {
        var model = TinyModel.classifier()
        model.proto.graph.input = [TinyModel.value("x", [1, 10])]
        #expect(error(model) == "input: 'x' of shape [1, 10]; expected four dimensions: N, C, H, W")
        model.proto.graph.input = [TinyModel.value("x", [1, 2, 6, 5], type: 7)]
        #expect(error(model) == "input: 'x' of type INT64; expected floats")
        model.proto.graph.input = [TinyModel.value("x", [1, 2, 6, 5]), TinyModel.value("z", [1])]
        #expect(error(model).contains(#"the inputs ["x", "z"]; expected one image"#))
        model.proto.graph.input = [TinyModel.value("x", [1, 2, -1, 5])]
        #expect(error(model).contains("leaves its height open"))
    }

    @Test func refusesOutputsThatAreNoClasses() {
        var model = TinyModel()
        model.weight("w", [4, 2, 3, 3])
        model.node("Conv", ["x", "w"], "y")
        #expect(error(model) == "input: output 'y' of shape [1, 4, 4, 3]; expected a classifier: one value a class")
    }

    @Test func refusesAnIslandThatDoesNotEnd() {
        let model = TinyModel.classifier { model in
            model.node("Transpose", ["conv"], "t", [TinyModel.attribute("perm", [0, 2, 3, 1])])
            return "t"
        }
        #expect(
            error(model).contains(
                "node 'gap_node' (GlobalAveragePool): input [1, 4, 3, 4] with its channels not second"))
    }

    @Test func refusesWhatChangesTheMeaningOfAChannel() {
        let cases: [(String, [Float])] = [("Add", [1, 2, 3]), ("Mul", [1, 2, 3])]
        for (operation, values) in cases {
            let model = TinyModel.classifier { model in
                model.weight("c", [3], values)
                model.node(operation, ["conv", "c"], "s")
                return "s"
            }
            #expect(
                error(model).contains("a constant of shape [3] with an activation of shape [1, 4, 4, 3] not supported"))
        }
    }

    @Test func refusesProductsOfActivations() {
        let model = TinyModel.classifier { model in
            model.node("Relu", ["conv"], "r")
            model.node("Mul", ["conv", "r"], "m")
            return "m"
        }
        #expect(error(model).contains("supported: x · Sigmoid(x) and x · HardSigmoid(x)"))
    }

    @Test func refusesTraining() {
        let model = TinyModel.classifier { model in
            for name in ["s", "b", "m", "v"] { model.weight(name, [4], [1, 1, 1, 1]) }
            model.node(
                "BatchNormalization", ["conv", "s", "b", "m", "v"], "bn", [TinyModel.attribute("training_mode", 1)])
            return "bn"
        }
        #expect(error(model) == "node 'bn_node' (BatchNormalization): training_mode = 1 not supported; supported: 0")
    }

    @Test func refusesZerosPaddedInFrontOfAMaxPoolThatCouldWin() {
        let model = TinyModel.classifier { model in
            model.proto.graph.initializer.append(TinyModel.integers("pads", [0, 0, 1, 1, 0, 0, 1, 1]))
            model.node("Pad", ["conv", "pads"], "p")
            model.node("MaxPool", ["p"], "m", [TinyModel.attribute("kernel_shape", [2, 2])])
            return "m"
        }
        #expect(error(model).contains("input padded with 0.0 not supported"))
    }

    @Test func refusesPaddingThatNoWindowTakesOver() {
        let model = TinyModel.classifier { model in
            model.proto.graph.initializer.append(TinyModel.integers("pads", [0, 0, 1, 1, 0, 0, 1, 1]))
            model.node("Pad", ["conv", "pads"], "p")
            model.node("Relu", ["p"], "r")
            return "r"
        }
        #expect(error(model).contains("node 'r_node' (Relu): input padded by a Pad not supported"))
    }

    @Test func refusesASecondOutputThatIsRead() {
        var model = TinyModel.classifier { model in
            model.node("MaxPool", ["conv"], "m", [TinyModel.attribute("kernel_shape", [2, 2])])
            model.node("Add", ["m", "indices"], "s")
            return "s"
        }
        model.proto.graph.node[1].output.append("indices")
        #expect(error(model).contains("node 'm_node' (MaxPool): its further output 'indices' not supported"))
    }
}
