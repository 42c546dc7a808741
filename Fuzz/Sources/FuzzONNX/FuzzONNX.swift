import FuzzDriver
import Kernels
import Networks
import ONNX
import Tensors

/// The ONNX door: no bytes trap, reach outside or take a huge amount of memory, nor do the layers made of them.
///
/// An input that is marked as a recipe stands for the file it describes.
private func check(_ bytes: [UInt8]) {
    let isRecipe = bytes.starts(with: ONNXRecipe.mark)
    load(isRecipe ? ONNXRecipe.file(bytes.dropFirst(ONNXRecipe.mark.count)) : bytes)
}

private func load(_ bytes: [UInt8]) {
    let limits = ONNXLimits(
        maximumFileBytes: 1 << 20, maximumWeights: 1 << 18, maximumNodes: 200, maximumActivations: 1 << 18,
        maximumMultiplyAdds: 1 << 20)
    do throws(ONNXError) {
        let model = try ONNXImporter.model(from: bytes, options: ONNXImportOptions(limits: limits))
        compute(model.graph)
    } catch {
        expectWords(error.description)
    }
}

/// Runs what was imported forwards and backwards; every set of instructions must give the same bits.
private func compute(_ graph: NetworkGraph) {
    do throws(NetworksError) {
        let network = try Network(graph)
        if network.multiplyAdds > 1 << 20 || network.traceBytes > 1 << 22 { return }
        let count = network.inputShape.count
        let input = Tensor(shape: network.inputShape, values: (0..<count).map { Float($0 * 7 % 19) - 9 })
        let plain = try results(network, input, .scalar)
        let fast = try results(network, input, .best)
        precondition(zip(plain, fast).allSatisfy { $0.isIdentical(to: $1) }, "the instructions change the result")
    } catch {
        expectWords(error.description)
    }
}

/// The logits, and the gradient of them all together.
private func results(
    _ network: Network, _ input: Tensor, _ instructions: InstructionSet
) throws(NetworksError) -> [Tensor] {
    let context = KernelContext(instructionSet: instructions)
    let trace = try ForwardPass.run(network, input, keeping: .trace, context: context)
    let layer = network.outputLayer
    let seed = trace.activation(layer)
    return [
        trace.logits,
        try BackwardPass.project(from: layer, seed: seed, trace: trace, rules: Gradient(), context: context),
    ]
}

/// The plain gradient.
private struct Gradient: SignalRules {
    let overlap = OverlapRule.sum
    let normalization = NormalizationRule.gradient
    func rule(at activation: Activation) -> ActivationRule { .derivative }
}

private func expectWords(_ words: String) {
    precondition(!words.isEmpty && words.utf8.count < 10_000, "an error without fit words")
}

@main
struct FuzzONNX {
    static func main() {
        // SAFETY: the bytes are valid during the call, and copied in it.
        unsafe runFuzzer { bytes, count in
            check(unsafe fuzzedInput(bytes, count))
            return 0
        }
    }
}
