import Kernels
import Networks
import Tensors
import TestSupport
import Testing

/// ⟨A x, y⟩ = ⟨x, Aᵀ y⟩ for every kind of layer, with any activation function left off.
@Suite struct AdjointTests {
    private let context = KernelContext()

    @Test(arguments: Sample.allCases) func everyLayersAdjointIsItsTranspose(_ sample: Sample) throws {
        let network = try Network(sample.graph)
        for layer in network.layers { try check(layer, of: network) }
    }

    @Test func everyKindIsCovered() throws {
        let kinds = try Sample.allCases.flatMap { try Network($0.graph).layers.map(\.kind) }
        #expect(Set(kinds) == Set(LayerKind.allCases))
    }

    private func check(_ layer: Layer, of network: Network) throws {
        let inputs = layer.inputs.enumerated().map { position, source in
            let shape = shape(of: source, in: network)
            return randomTensor(shape: shape, seed: UInt64(20 + position))
        }
        let zeros = layer.inputs.map { BlockedMaps(Tensor(shape: shape(of: $0, in: network))) }
        let maps = inputs.map { BlockedMaps($0) }
        // What is affine is made linear by taking off its value at 0; LRN is looked at along its gradient.
        let crossing = try crossing(layer, maps)
        let output = [1, layer.featureMaps, layer.height, layer.width]
        let y = randomTensor(shape: Shape(output), seed: 30)
        let back = layer.operation.adjoint(BlockedMaps(y), crossing, context)
        let right = zip(back, inputs).reduce(0.0) { $0 + dot($1.0.tensor(), $1.1) }
        let left: Double
        if layer.kind == .localResponseNormalization {
            left = dot(directional(layer, inputs[0]), y)
        } else {
            let at = layer.operation.forward(maps, activation: .identity, into: nil, context).tensor()
            let origin = layer.operation.forward(zeros, activation: .identity, into: nil, context).tensor()
            left = dot(at, y) - dot(origin, y)
        }
        let size = max(1, abs(left))
        let limit = layer.kind == .localResponseNormalization ? 1e-2 : 1e-4
        #expect(abs(left - right) <= limit * size, "\(layer.name) (\(layer.kind)): \(left), \(right)")
    }

    /// The derivative of the layer along x itself at x, by central differences.
    private func directional(_ layer: Layer, _ x: Tensor) -> Tensor {
        let step: Float = 1e-2
        let value = { (factor: Float) in
            let scaled = BlockedMaps(Tensor(shape: x.shape, values: x.values.map { $0 * factor }))
            return layer.operation.forward([scaled], activation: .identity, into: nil, context).tensor()
        }
        let (high, low) = (value(1 + step), value(1 - step))
        return Tensor(shape: high.shape, values: zip(high.values, low.values).map { ($0 - $1) / (2 * step) })
    }

    private func crossing(_ layer: Layer, _ maps: [BlockedMaps]) throws -> LayerCrossing {
        guard let pooling = layer.operation as? MaxPoolingLayer else {
            return LayerCrossing(inputs: maps, normalization: .gradient)
        }
        let made = try pooling.forwardWithSwitches(maps[0], into: nil, context)
        return LayerCrossing(inputs: maps, switches: made.switches)
    }

    private func shape(of source: LayerInput, in network: Network) -> Shape {
        switch source {
        case .input: Shape([1] + network.inputShape.dimensions)
        case .layer(let index):
            Shape([1, network.layers[index].featureMaps, network.layers[index].height, network.layers[index].width])
        }
    }

    private func dot(_ a: Tensor, _ b: Tensor) -> Double {
        zip(a.values, b.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
}
