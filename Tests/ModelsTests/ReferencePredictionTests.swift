import Foundation
import Kernels
import Models
import Networks
import Tensors
import TestSupport
import Testing

/// The forward pass of the reference cases, against PyTorch (`Fixtures/reference`).
@Suite struct ReferencePredictionTests {
    static let cases = ["zfnet", "residual", "inception", "depthwise", "ties", "squeezenet1.1"]

    @Test(arguments: cases) func predictsAsTheReferenceDoes(_ name: String) throws {
        let model = try Model.load(from: folder(of: name))
        let place = "reference/cases/\(name)"
        let input = try model.prepare(try NPY.decode(Fixtures.bytes("\(place)/input.npy")))
        let trace = try ForwardPass.run(model.network, input.tensor, context: KernelContext())
        let logits = try NPY.decode(Fixtures.bytes("\(place)/predict/logits.npy"))
        let probabilities = try NPY.decode(Fixtures.bytes("\(place)/predict/probabilities.npy"))
        #expect(difference(trace.logits, logits, within: .reference) == nil)
        #expect(
            difference(
                trace.probabilities, probabilities, within: .absolute(1e-5, reason: "what the reference asks for"))
                == nil)
    }

    /// The embedded model stands beside its preprocessing, not among the cases.
    private func folder(of name: String) -> String {
        name == "squeezenet1.1"
            ? Fixtures.root.appendingPathComponent("Models/squeezenet1.1").path
            : Fixtures.url("reference/cases/\(name)").path
    }
}
