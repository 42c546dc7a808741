import Kernels
import Networks
import Tensors

/// What a graph means, straight from the definitions of its operators, in double precision: every node as dense
/// matrices and an offset, computed from what it reads.
///
/// It knows nothing of layers, folding or fusion.
struct NetworkDefinition {
    /// A node's value, and how it came from the node's inputs: value = f(Σ maps[k] · input k + offset).
    struct Step {
        let node: GraphNode
        let shape: [Int]
        /// One matrix an input; for a function of each value, its derivative at that value.
        let maps: [LinearMap]
        var value: [Double]
    }

    let graph: NetworkGraph
    private(set) var steps: [Step] = []
    private var shapes: [String: [Int]]
    private(set) var values: [String: [Double]]

    /// The values of all nodes for a picture [1, C, H, W]; `removing` sets maps of a value to 0 once it is computed.
    init(_ graph: NetworkGraph, _ input: Tensor, removing: [String: [Int]] = [:]) {
        self.graph = graph
        shapes = [graph.input.name: [graph.input.channels, graph.input.height, graph.input.width]]
        values = [graph.input.name: input.values.map(Double.init)]
        for node in graph.nodes {
            var step = step(of: node)
            let each = step.value.count / step.shape[0]
            for map in removing[node.output] ?? [] {
                for k in map * each..<(map + 1) * each { step.value[k] = 0 }
            }
            steps.append(step)
            shapes[node.output] = step.shape
            values[node.output] = step.value
        }
    }

    private func step(of node: GraphNode) -> Step {
        let inputs = node.inputs.map { values[$0] ?? [] }
        let shapes = node.inputs.map { self.shapes[$0] ?? [] }
        switch node.operation {
        case .activation(let activation):
            let derivative = inputs[0].map { Double(activation.derivative(Float($0))) }
            var map = LinearMap(rows: derivative.count, columns: derivative.count)
            for k in derivative.indices { map.set(k, k, derivative[k]) }
            return Step(
                node: node, shape: shapes[0], maps: [map], value: inputs[0].map { Double(activation.value(Float($0))) })
        case .localResponseNormalization(let size, let alpha, let beta, let bias):
            return normalization(node, inputs[0], shapes[0], size, Double(alpha), Double(beta), Double(bias))
        case .softmax:
            let exponentials = inputs[0].map { exponential($0 - (inputs[0].max() ?? 0)) }
            let sum = exponentials.reduce(0, +)
            return Step(node: node, shape: shapes[0], maps: [], value: exponentials.map { $0 / sum })
        default:
            let linear = LinearDefinition(node.operation, shapes: shapes, values: inputs)
            var value = linear.offset
            for (map, input) in zip(linear.maps, inputs) {
                for (k, summand) in map.applied(to: input).enumerated() { value[k] += summand }
            }
            return Step(node: node, shape: linear.shape, maps: linear.maps, value: value)
        }
    }

    /// y_c = x_c · s_c^(−β) with s_c = bias + α / n · Σ x²; ∂y_c/∂x_d = [c = d] s_c^(−β) − 2 α β / n · x_c x_d s_c^(−β−1).
    private func normalization(
        _ node: GraphNode, _ x: [Double], _ shape: [Int], _ size: Int, _ alpha: Double, _ beta: Double, _ bias: Double
    ) -> Step {
        let plane = shape[1] * shape[2]
        var map = LinearMap(rows: x.count, columns: x.count)
        var value = x
        for c in 0..<shape[0] {
            let near = max(0, c - (size - 1) / 2)...min(shape[0] - 1, c + size - 1 - (size - 1) / 2)
            for p in 0..<plane {
                let sum = bias + alpha / Double(size) * near.reduce(0) { $0 + x[$1 * plane + p] * x[$1 * plane + p] }
                value[c * plane + p] = x[c * plane + p] * power(sum, -beta)
                for d in near {
                    let shared = -2 * alpha * beta / Double(size) * x[c * plane + p] * x[d * plane + p]
                    map.set(
                        c * plane + p, d * plane + p,
                        shared * power(sum, -beta - 1) + (c == d ? power(sum, -beta) : 0))
                }
            }
        }
        return Step(node: node, shape: shape, maps: [map], value: value)
    }
}
