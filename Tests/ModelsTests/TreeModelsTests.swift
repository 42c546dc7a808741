import Blobs
import Foundation
import Imaging
import Kernels
import Models
import Networks
import Tensors
import TestSupport
import Testing

/// The models of the tree, against ONNX Runtime (`Fixtures/models-answer-as-onnxruntime`).
@Suite struct TreeModelsTests {
    static let names = ["squeezenet1.1", "fer-mini-xception", "efficientnet-lite0"]

    private func folder(_ name: String) -> URL {
        Fixtures.root.appendingPathComponent("Models").appendingPathComponent(name)
    }

    /// The model, `nil` (and a line in the log) where its weights have to be made first.
    private func model(_ name: String) throws -> Model? {
        guard FileManager.default.fileExists(atPath: folder(name).appendingPathComponent("model.onnx").path) else {
            print("SKIPPED: \(name) has no model.onnx; make it with Models/\(name)/make.sh")
            return nil
        }
        return try Model.load(from: folder(name).path)
    }

    private func expected(_ file: String) throws -> Tensor {
        try NPY.decode(Fixtures.bytes("models-answer-as-onnxruntime/\(file).npy"))
    }

    @Test(arguments: names) func givesTheLogitsOfONNXRuntime(_ name: String) throws {
        guard let model = try model(name) else { return }
        let shape = model.network.inputShape
        let values = (0..<shape.count).map { index in
            Float(UInt32(truncatingIfNeeded: index * 2_654_435_761) >> 24) / 128 - 1
        }
        let input = try model.prepare(Tensor(shape: shape, values: values))
        let trace = try ForwardPass.run(model.network, input.tensor, context: KernelContext())
        #expect(difference(trace.logits, try expected("\(name).pattern.logits"), within: .reference) == nil)
    }

    /// Our resize is within a level of Pillow's, which moves a probability by less than 0.02.
    @Test(arguments: names, ["chelsea", "coffee"])
    func saysOfAPhotoWhatONNXRuntimeSays(_ name: String, _ photo: String) throws {
        guard let model = try model(name) else { return }
        let image = try ImageDecoder.decode(Fixtures.bytes("images/\(photo).png"))
        let input = try model.prepare(image)
        let trace = try ForwardPass.run(model.network, input.tensor, context: KernelContext())
        let wanted = try expected("\(name).\(photo).probabilities")
        #expect(
            difference(trace.probabilities, wanted, within: .absolute(0.02, reason: "a level of the resize")) == nil)
    }

    @Test func seesAnEgyptianCat() throws {
        let model = try #require(try model("squeezenet1.1"))
        let input = try model.prepare(try ImageDecoder.decode(Fixtures.bytes("images/chelsea.png")))
        let trace = try ForwardPass.run(model.network, input.tensor, context: KernelContext())
        let best = try #require(
            trace.probabilities.values.indices.max { trace.probabilities[0, $0] < trace.probabilities[0, $1] })
        #expect(model.label(of: best) == "Egyptian cat")
        #expect(best == 285)
        #expect(abs(trace.probabilities[0, best] - 0.492) < 0.02)
        #expect(input.frame?.width == 227 && input.frame?.height == 227)
    }

    @Test(arguments: zip(names, [1000, 7, 1000])) func isDescribed(_ name: String, _ classes: Int) throws {
        guard let model = try model(name) else { return }
        #expect(model.name == name)
        #expect(model.network.classes == classes)
        #expect(model.labels?.count == classes)
        #expect(model.description != nil)
        #expect(model.license != nil)
        #expect(model.digest != model.contentDigest)
    }

    /// The digests are those that `Models/NOTICE.md` names.
    @Test(arguments: names) func hasTheDigestOfTheNotice(_ name: String) throws {
        guard let model = try model(name) else { return }
        let notice = try String(
            contentsOf: Fixtures.root.appendingPathComponent("Models/NOTICE.md"), encoding: .utf8)
        #expect(notice.contains("| `\(name)/model.onnx` | `\(model.digest.hex)` |"))
    }
}
