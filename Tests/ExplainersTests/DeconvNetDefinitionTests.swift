import Explainers
import Kernels
import Models
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct DeconvNetDefinitionTests {
    /// Overlapping pooling, normalization, a stride with a remainder and a dense layer.
    private static func steps() -> [DeconvNetDefinition.Step] {
        [
            .convolution(
                name: "conv1", weights: randomTensor(shape: [4, 2, 3, 3], seed: 1),
                bias: randomTensor(shape: [4], seed: 2), stride: 1, pad: 1),
            .rectification(name: "relu1"),
            .maxPooling(name: "pool1", size: 3, stride: 2),
            .normalization(name: "norm1", size: 3, alpha: 0.9, beta: 0.75, bias: 1.5),
            .convolution(
                name: "conv2", weights: randomTensor(shape: [5, 4, 3, 3], seed: 3),
                bias: randomTensor(shape: [5], seed: 4), stride: 2, pad: 1),
            .rectification(name: "relu2"),
            .maxPooling(name: "pool2", size: 2, stride: 1),
            .dense(
                name: "fc", weights: randomTensor(shape: [3, 5 * 2 * 2], seed: 5),
                bias: randomTensor(shape: [3], seed: 6)),
        ]
    }

    private static let input = randomTensor(shape: [2, 13, 12], seed: 7)

    static let options: [DeconvNetOptions] = DeconvNetOptions.Overlap.allCases.flatMap { overlap in
        DeconvNetOptions.Seed.allCases.flatMap { seed in
            DeconvNetOptions.Normalization.allCases.map { DeconvNetOptions(overlap: overlap, seed: seed, lrn: $0) }
        }
    }

    @Test(arguments: ["relu1", "pool1", "norm1", "relu2", "pool2", "fc"], options)
    func projectsAsThePaperDefines(layer: String, options: DeconvNetOptions) throws {
        let steps = Self.steps()
        let model = TestModels.model(try Network(graph(steps)))
        let definition = DeconvNetDefinition(steps, input: Self.input)
        let found = try DeconvNetExplainer(
            model: model, input: model.prepare(Self.input), layer: layer, featureMaps: .all, options: options
        ).explanation()
        let stage = try #require(definition.stages.first { $0.name == layer })
        let area = stage.shape[1] * stage.shape[2]
        #expect(found.projections.count == stage.shape[0])
        for projection in found.projections {
            let unit = projection.unit ?? UnitPosition(y: 0, x: 0)
            let index = projection.featureMap * area + unit.y * stage.shape[2] + unit.x
            let map = stage.output[projection.featureMap * area..<(projection.featureMap + 1) * area]
            #expect(difference(projection.activation, Float(map.max() ?? 0), within: .reference) == nil)
            let expected = definition.projection(from: layer, unit: index, options: options)
            #expect(difference(projection.values.values, expected, within: .reference) == nil)
        }
    }

    /// The network of the steps, value names like node names.
    private func graph(_ steps: [DeconvNetDefinition.Step]) -> NetworkGraph {
        var nodes: [GraphNode] = []
        var value = "input"
        for step in steps {
            let (name, operation) = node(step)
            nodes.append(GraphNode(name: name, operation: operation, inputs: [value], output: name))
            value = name
        }
        return NetworkGraph(
            input: GraphInput(name: "input", channels: 2, height: 13, width: 12), nodes: nodes, outputs: [value])
    }

    private func node(_ step: DeconvNetDefinition.Step) -> (String, Networks.Operation) {
        switch step {
        case .convolution(let name, let weights, let bias, let stride, let pad):
            let window = Window(kernel: weights.shape[2], stride: stride, pad: pad)
            return (name, .convolution(weights: weights, bias: bias, groups: 1, window: window))
        case .rectification(let name): return (name, .activation(.relu))
        case .maxPooling(let name, let size, let stride):
            return (name, .maxPooling(Window(kernel: size, stride: stride)))
        case .normalization(let name, let size, let alpha, let beta, let bias):
            return (
                name,
                .localResponseNormalization(size: size, alpha: Float(alpha), beta: Float(beta), bias: Float(bias))
            )
        case .dense(let name, let weights, let bias): return (name, .innerProduct(weights: weights, bias: bias))
        }
    }
}
