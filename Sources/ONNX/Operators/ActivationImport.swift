import Kernels
import Networks
import Tensors

/// The activations that look at one value at a time.
struct ActivationImport: OperatorImport {
    let operations = [
        "Elu", "HardSigmoid", "HardSwish", "LeakyRelu", "PRelu", "Relu", "Sigmoid", "Softplus", "Tanh",
    ]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        let maps = try node.maps(0)
        let activation = try activation(&node)
        var result = node.emitElementwise(.activation(activation), of: [maps])
        switch activation {
        case .relu, .sigmoid, .hardSigmoid, .softplus: result.isNonnegative = true
        default: break
        }
        result.gate = gate(activation, of: maps)
        return .maps(result)
    }

    private func activation(_ node: inout NodeImport) throws(ONNXError) -> Activation {
        switch node.label.operation {
        case "Relu": return .relu
        case "LeakyRelu": return .leakyRelu(slope: try node.attributes.float("alpha", default: 0.01))
        case "PRelu": return .leakyRelu(slope: try slope(&node))
        case "Elu": return .elu(alpha: try node.attributes.float("alpha", default: 1))
        case "HardSigmoid":
            return .hardSigmoid(
                alpha: try node.attributes.float("alpha", default: 0.2),
                beta: try node.attributes.float("beta", default: 0.5))
        case "HardSwish": return .hardSwish
        case "Sigmoid": return .sigmoid
        case "Softplus": return .softplus
        default: return .tanh
        }
    }

    /// PRelu's slope, which must be the same everywhere.
    private func slope(_ node: inout NodeImport) throws(ONNXError) -> Float {
        let values = try node.weight(try node.constant(1), "slopes").values
        guard let first = values.first, values.allSatisfy({ $0 == first }) else {
            throw node.label.unsupported("slopes that differ by channel", supported: "one slope for all")
        }
        return first
    }

    /// What the value makes when it is multiplied by the activation's own input.
    private func gate(_ activation: Activation, of maps: MapsValue) -> MapsValue.Gate? {
        switch activation {
        case .sigmoid: return MapsValue.Gate(activation: .silu, input: maps.name)
        case .hardSigmoid(let alpha, let beta) where abs(alpha - 1 / 6) < 1e-6 && beta == 0.5:
            return MapsValue.Gate(activation: .hardSwish, input: maps.name)
        default: return nil
        }
    }
}
