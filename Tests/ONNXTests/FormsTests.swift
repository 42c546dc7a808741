import Foundation
import Kernels
import Networks
import ONNX
import Tensors
import TestSupport
import Testing

/// One of the small models in `Fixtures/onnx-forms`, made by its `make.py`.
struct FormCase: Decodable, CustomTestStringConvertible, Sendable {
    let name: String
    /// Whether ONNX Runtime's answer is probabilities, not logits.
    let softmax: Bool
    /// Whether it is the logarithm of probabilities.
    let log: Bool?
    /// Height and width, where the file leaves them open.
    let size: [Int]?

    var testDescription: String { name }

    static let all: [FormCase] = {
        let list = try? JSONDecoder().decode([FormCase].self, from: Data(Fixtures.bytes("onnx-forms/cases.json")))
        return list ?? []
    }()

    func network() throws -> Network {
        let options = ONNXImportOptions(
            inputSize: size.map { .init(height: $0[0], width: $0[1]) },
            externalDataFolder: Fixtures.url("onnx-forms").path)
        let bytes = try Fixtures.bytes("onnx-forms/\(name).onnx")
        return try Network(try ONNXImporter.model(from: bytes, options: options).graph)
    }

    func tensor(_ kind: String) throws -> Tensor {
        try NPY.decode(Fixtures.bytes("onnx-forms/\(name).\(kind).npy"))
    }
}

@Suite struct FormsTests {
    @Test func fixturesAreThere() {
        #expect(FormCase.all.count > 100)
    }

    /// Summation order differs from ONNX Runtime's, and `exp` and `pow` are our own: a few units in the last place.
    @Test(arguments: FormCase.all) func answersAsONNXRuntimeDoes(_ form: FormCase) throws {
        let trace = try ForwardPass.run(try form.network(), try form.tensor("input"), context: KernelContext())
        let expected = try form.tensor("output")
        let found: Tensor
        if form.log == true {
            found = Tensor(
                shape: expected.shape, values: trace.probabilities.values.map { Float(Foundation.log(Double($0))) })
        } else {
            found = form.softmax ? trace.probabilities : trace.logits
        }
        #expect(difference(found, expected, within: .reference) == nil)
    }

    @Test func takesTheOutputThatIsAskedFor() throws {
        let bytes = try Fixtures.bytes("onnx-forms/several-outputs.onnx")
        let options = ONNXImportOptions(output: "flat")
        #expect(try ONNXImporter.model(from: bytes, options: options).graph.outputs == ["flat"])
        #expect(throws: ONNXError.unknownOutput(output: "nothing", available: ["prob", "flat"])) {
            try ONNXImporter.model(from: bytes, options: ONNXImportOptions(output: "nothing"))
        }
    }

    @Test func leavesOutWhatTheOutputDoesNotNeed() throws {
        let graph = try ONNXImporter.model(from: Fixtures.bytes("onnx-forms/several-outputs.onnx")).graph
        #expect(graph.nodes.map(\.output) == ["conv", "gap", "flat", "prob"])
    }

    @Test func keepsTheNamesOfNodesAndValues() throws {
        let graph = try ONNXImporter.model(from: Fixtures.bytes("onnx-forms/nhwc-island.onnx")).graph
        #expect(graph.input == GraphInput(name: "input", channels: 3, height: 11, width: 9))
        #expect(graph.nodes.map(\.name).prefix(3) == ["conv_node", "to_nhwc_node", "relu_node"])
        let nameless = try ONNXImporter.model(from: Fixtures.bytes("onnx-forms/nodes-without-names.onnx")).graph
        #expect(nameless.nodes.allSatisfy { $0.name.isEmpty })
    }

    @Test func tellsWhichFilesHoldWeights() throws {
        let folder = Fixtures.url("onnx-forms").path
        let model = try ONNXImporter.model(
            from: Fixtures.bytes("onnx-forms/external-data.onnx"),
            options: ONNXImportOptions(externalDataFolder: folder))
        #expect(model.externalFiles.map { URL(fileURLWithPath: $0).lastPathComponent } == ["external.bin"])
    }

    @Test func openHeightAndWidthNeedASize() throws {
        let bytes = try Fixtures.bytes("onnx-forms/open-height-and-width.onnx")
        let error = #expect(throws: ONNXError.self) { try ONNXImporter.model(from: bytes) }
        #expect(error?.description.contains("'input' leaves its height open") == true)
    }
}
