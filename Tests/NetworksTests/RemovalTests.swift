import Concurrency
import Kernels
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct RemovalTests {
    private let context = KernelContext()
    private let pool = ComputePool(threads: 2)

    @Test(arguments: [
        (Sample.plain, "conv1_relu"), (.plain, "pool1"), (.inception, "a1_relu"), (.inception, "mixed"),
        (.alignedInception, "b2_relu"), (.alignedInception, "mixed"), (.residual, "b0_add_relu"),
        (.residual, "stem_pool"), (.dense, "fc6_relu"), (.dense, "flatten"), (.unfolded, "conv1"),
    ]) func agreesWithItsDefinition(_ sample: Sample, _ name: String) throws {
        let graph = sample.graph
        let network = try Network(graph)
        let layer = try network.layer(named: name)
        let all = Array(0..<layer.featureMaps)
        let lists = [[0], [], [layer.featureMaps - 1, 1], all]
        let batch = Tensor.stacked(Array(repeating: graph.picture().slice(0), count: lists.count))
        let trace = try ForwardPass.run(
            network, batch, removing: [FeatureMapRemoval(layer: layer, featureMaps: lists)], context: context)
        for (image, maps) in lists.enumerated() {
            let definition = NetworkDefinition(
                graph, graph.picture(), removing: [layer.lastValue: maps])
            let expected = try #require(definition.values[network.outputLayer.values[0]]).map(Float.init)
            #expect(difference(trace.logits.slice(image).values, expected, within: .reference) == nil, "\(maps)")
        }
    }

    @Test(arguments: Sample.allCases) func resumesWithTheSameBits(_ sample: Sample) throws {
        let graph = sample.graph
        let network = try Network(graph)
        let whole = try ForwardPass.run(network, graph.picture(), keeping: .trace, context: context)
        for layer in network.layers {
            let lists = [[0], [layer.featureMaps - 1, 0], []]
            let batch = Tensor.stacked(Array(repeating: graph.picture().slice(0), count: lists.count))
            let removal = FeatureMapRemoval(layer: layer, featureMaps: lists)
            let full = try ForwardPass.run(network, batch, keeping: .trace, removing: [removal], context: context)
            for keeping in [Keeping.logits, .trace] {
                let resumed = try ForwardPass.resume(
                    whole, removing: lists, of: layer, keeping: keeping, context: context)
                #expect(resumed.logits.isIdentical(to: full.logits), "\(layer.name)")
                guard keeping == .trace else { continue }
                for other in network.layers {
                    #expect(resumed.activation(other).isIdentical(to: full.activation(other)), "\(other.name)")
                }
            }
        }
    }

    /// More images than go through any layer at a time.
    @Test(arguments: [Sample.inception, .residual, .dense, .depthwise]) func takesAsManyTurnsAsItNeeds(
        _ sample: Sample
    ) throws {
        let graph = sample.graph
        let network = try Network(graph)
        let whole = try ForwardPass.run(network, graph.picture(), keeping: .trace, context: context)
        for layer in network.layers {
            let lists = (0..<150).map { [$0 % layer.featureMaps] }
            var run = RemovalRun(whole, removing: lists, of: layer)
            let isSplit = network.costs(removingFrom: layer).workingBytes > 0
            #expect(run.turns >= (isSplit ? 4 : 2))
            for turn in 0..<run.turns {
                try pool.turn(priority: .interactive, token: .never) { try run.compute(turn, context.with(team: $0)) }
            }
            let found = run.outputs(context)
            for map in 0..<layer.featureMaps {
                let removal = FeatureMapRemoval(layer: layer, featureMaps: [[map]])
                let plain = try ForwardPass.run(
                    network, graph.picture().slice(0), removing: [removal], context: context)
                for image in stride(from: map, to: lists.count, by: layer.featureMaps) {
                    #expect(found.logits.slice(image).isIdentical(to: plain.logits.slice(0)), "\(layer.name) \(image)")
                }
            }
        }
    }

    /// A classifier that is a convolution of one tap and the means of its maps, with and without something else that reads
    /// the maps.
    @Test(arguments: [false, true]) func meansOfMapsHaveTheSameBits(_ isReadElsewhere: Bool) throws {
        var g = SampleGraph()
        let body = g.convRelu("input", "body", 40, Window(kernel: 3))
        let maps = g.convRelu(body, "maps", 20, Window(kernel: 1))
        var mean = g.node(.globalAveragePooling(keepsDimensions: true), [maps], "mean")
        if isReadElsewhere {
            let other = g.node(.globalAveragePooling(keepsDimensions: true), [g.relu(maps)], "other")
            mean = g.add([mean, other], "sum")
        }
        let graph = g.graph
        let network = try Network(graph)
        let whole = try ForwardPass.run(network, graph.picture(), keeping: .trace, context: context)
        let layer = try network.layer(named: "body_relu")
        let lists = (0..<40).map { [$0] } + [[3, 21, 22], Array(0..<40), []]
        let found = try ForwardPass.resume(whole, removing: lists, of: layer, context: context)
        for (image, maps) in lists.enumerated() {
            let removal = FeatureMapRemoval(layer: layer, featureMaps: [maps])
            let plain = try ForwardPass.run(
                network, graph.picture().slice(0), removing: [removal], context: context)
            #expect(found.logits.slice(image).isIdentical(to: plain.logits.slice(0)), "\(maps)")
        }
    }

    @Test func costsCountABlockOfTheNextLayerAndAllOfThoseBehind() throws {
        let network = try Network(Sample.dense.graph)
        let costs = network.costs(removingFrom: network.layers[0])
        // Of 18 · 20 weights those of one of two blocks, then 6 · 18.
        #expect(costs.frontMultiplyAdds == 18 * 20 / 2 && costs.multiplyAdds == 18 * 20 / 2 + 6 * 18)
        #expect(network.costs(removingFrom: network.outputLayer).multiplyAdds == 0)
        let inception = try Network(Sample.inception.graph)
        let cost = { (name: String) in try inception.layer(named: name).multiplyAdds }
        #expect(
            inception.costs(removingFrom: try inception.layer(named: "b1")).multiplyAdds
                == (try cost("b2") + cost("head") + cost("fc")))
    }

    @Test func removesNothingButTheMapsAskedFor() throws {
        let graph = Sample.alignedInception.graph
        let network = try Network(graph)
        let layer = try network.layer(named: "b2_relu")
        let before = try ForwardPass.run(network, graph.picture(), keeping: .trace, context: context)
        let after = try ForwardPass.run(
            network, graph.picture(), keeping: .trace,
            removing: [FeatureMapRemoval(layer: layer, featureMaps: [[3]])], context: context)
        for name in ["b2_relu", "mixed"] {
            let maps = try network.layer(named: name)
            let removed = name == "mixed" ? 16 + 3 : 3
            for map in 0..<maps.featureMaps {
                let found = after.activation(maps).map(image: 0, channel: map)
                let old = before.activation(maps).map(image: 0, channel: map)
                let expected = map == removed ? Tensor(shape: old.shape) : old
                #expect(found.isIdentical(to: expected), "map \(map) of \(name)")
            }
        }
    }

    @Test func removesSeveralLayersAtOnce() throws {
        let graph = Sample.plain.graph
        let network = try Network(graph)
        let first = try network.layer(named: "conv1")
        let second = try network.layer(named: "conv2")
        let trace = try ForwardPass.run(
            network, graph.picture(),
            removing: [
                FeatureMapRemoval(layer: first, featureMaps: [[2]]), FeatureMapRemoval(layer: second, fromAll: 1),
            ], context: context)
        let definition = NetworkDefinition(
            graph, graph.picture(), removing: ["conv1_relu": [2], "conv2_relu": Array(0..<20)])
        let expected = try #require(definition.values["fc"]).map(Float.init)
        #expect(difference(trace.logits.values, expected, within: .reference) == nil)
    }
}
