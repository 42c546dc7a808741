import Concurrency
import Kernels
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct BackwardPassTests {
    private let context = KernelContext()

    /// The signal of both the program and its definition for a seed with both signs at every unit of every layer.
    private func compare(_ sample: Sample, _ rules: some SignalRules) throws {
        let graph = sample.graph
        let network = try Network(graph)
        let trace = try ForwardPass.run(network, graph.picture(), keeping: .trace, context: context)
        let definition = SignalDefinition(definition: NetworkDefinition(graph, graph.picture()), rules: rules)
        for layer in network.layers {
            let seed = randomTensor(shape: [1, layer.featureMaps, layer.height, layer.width], seed: 5)
            let found = try BackwardPass.project(
                from: layer, seed: BlockedMaps(seed), trace: trace, rules: rules, context: context)
            let expected = definition.project(
                from: layer.lastValue, seed: seed.values.map(Double.init)
            ).map(Float.init)
            #expect(found.shape.dimensions == [1] + network.inputShape.dimensions)
            #expect(difference(found.values, expected, within: .reference) == nil, "from \(layer.name)")
        }
    }

    @Test(arguments: Sample.allCases) func rectifiesLikeItsDefinition(_ sample: Sample) throws {
        try compare(sample, Rectifying())
    }

    @Test(arguments: [Sample.plain, .residual, .inception, .samePadding], OverlapRule.allCases)
    func unpoolsLikeItsDefinition(_ sample: Sample, _ overlap: OverlapRule) throws {
        try compare(sample, Rectifying(overlap: overlap))
    }

    @Test(arguments: Sample.allCases, [ActivationRule.derivative, .guided, .identity])
    func crossesActivationsLikeItsDefinition(_ sample: Sample, _ rule: ActivationRule) throws {
        try compare(sample, Uniform(rule: rule))
    }

    @Test func normalizesByTheGradientIfAsked() throws {
        try compare(.normalized, Rectifying(normalization: .gradient))
    }

    @Test func sumsAtAFanOutBeforeItRectifies() throws {
        // conv -> relu -> two convolutions that send back +3 and -2: rectified after the sum that is 1, before it 3.
        let window = Window(kernel: 1)
        func conv(_ value: Float) -> Networks.Operation {
            .convolution(weights: Tensor(shape: [1, 1, 1, 1], values: [value]), bias: nil, groups: 1, window: window)
        }
        let graph = NetworkGraph(
            input: GraphInput(name: "input", channels: 1, height: 1, width: 1),
            nodes: [
                GraphNode(name: "conv1", operation: conv(1), inputs: ["input"], output: "conv1"),
                GraphNode(name: "relu1", operation: .activation(.relu), inputs: ["conv1"], output: "relu1"),
                GraphNode(name: "a", operation: conv(3), inputs: ["relu1"], output: "a"),
                GraphNode(name: "b", operation: conv(-2), inputs: ["relu1"], output: "b"),
                GraphNode(name: "sum", operation: .add, inputs: ["a", "b"], output: "sum"),
            ], outputs: ["sum"])
        let network = try Network(graph)
        let trace = try ForwardPass.run(
            network, Tensor(shape: [1, 1, 1], repeating: 1), keeping: .trace, context: context)
        let seed = BlockedMaps(Tensor(shape: [1, 1, 1, 1], repeating: 1))
        let found = try BackwardPass.project(
            from: network.outputLayer, seed: seed, trace: trace, rules: Rectifying(), context: context)
        #expect(found.values == [1])
    }

    @Test func leavesTheResultSigned() throws {
        let graph = Sample.plain.graph
        let network = try Network(graph)
        let trace = try ForwardPass.run(network, graph.picture(), keeping: .trace, context: context)
        let layer = try network.layer(named: "conv1")
        let found = try BackwardPass.project(
            from: layer, seed: trace.activation(layer), trace: trace, rules: Rectifying(), context: context)
        #expect(found.values.contains { $0 < 0 } && found.values.contains { $0 > 0 })
    }

    @Test func isZeroOutsideTheReceptiveField() throws {
        let graph = Sample.plain.graph
        let network = try Network(graph)
        let trace = try ForwardPass.run(network, graph.picture(), keeping: .trace, context: context)
        let layer = try network.layer(named: "conv2")
        let unit = BlockedMaps.unit(
            channels: layer.featureMaps, height: layer.height, width: layer.width, channel: 4, y: 0, x: 2, value: 1)
        let found = try BackwardPass.project(
            from: layer, seed: unit, trace: trace, rules: Rectifying(), context: context)
        let field = layer.receptiveField.rectangle(y: 0, x: 2)
        for y in 0..<9 {
            for x in 0..<11 where y < field.top || y >= field.bottom || x < field.left || x >= field.right {
                #expect((0..<3).allSatisfy { found[0, $0, y, x] == 0 })
            }
        }
        #expect(found.values.contains { $0 != 0 })
    }

    @Test(arguments: Sample.allCases) func givesTheSameBitsFromATraceOfManyImages(_ sample: Sample) throws {
        let graph = sample.graph
        let network = try Network(graph)
        let layer = network.outputLayer
        let batch = graph.picture(images: 3)
        let trace = try ForwardPass.run(network, batch, keeping: .trace, context: context)
        let seeds = randomTensor(shape: [3, layer.featureMaps, 1, 1], seed: 3)
        let rules = Uniform(rule: .derivative)
        let together = try BackwardPass.project(
            from: layer, seed: BlockedMaps(seeds), trace: trace, rules: rules, context: context)
        for image in 0..<3 {
            let own = try ForwardPass.run(network, batch.slice(image), keeping: .trace, context: context)
            for one in [own, trace.image(image)] {
                let alone = try BackwardPass.project(
                    from: layer, seed: BlockedMaps(seeds.slice(image)), trace: one, rules: rules, context: context)
                #expect(together.slice(image).isIdentical(to: alone.slice(0)))
            }
        }
    }

    @Test(arguments: Sample.allCases) func givesTheSameBitsForManySeedsThreadsAndInstructions(_ sample: Sample) throws {
        let graph = sample.graph
        let network = try Network(graph)
        let layer = network.outputLayer
        let trace = try ForwardPass.run(network, graph.picture(), keeping: .trace, context: context)
        let seeds = randomTensor(shape: [3, layer.featureMaps, 1, 1], seed: 3)
        let rules = Rectifying(normalization: .gradient)
        let alone = try (0..<3).map { image in
            try BackwardPass.project(
                from: layer, seed: BlockedMaps(seeds.slice(image)), trace: trace, rules: rules, context: context)
        }
        let pool = ComputePool(threads: 3)
        defer { pool.shutDown() }
        for instructions in InstructionSet.available {
            let together = try pool.turn(priority: .interactive, token: .never) { team in
                try BackwardPass.project(
                    from: layer, seed: BlockedMaps(seeds), trace: trace, rules: rules,
                    context: KernelContext(instructionSet: instructions, team: team))
            }
            for image in 0..<3 {
                #expect(together.slice(image).isIdentical(to: alone[image].slice(0)), "\(instructions)")
            }
        }
    }

    @Test(arguments: [
        Activation.leakyRelu(slope: 0.1), .silu, .sigmoid, .clip(low: -1, high: 1), .hardSwish, .tanh,
        .elu(alpha: 1), .softplus, .hardSigmoid(alpha: 0.2, beta: 0.5),
    ]) func refusesWhatIsNoRectifierUnlessDerivativesAreAskedFor(_ activation: Activation) throws {
        var g = SampleGraph(seed: 4)
        let x = g.activation(g.conv("input", "conv1", 4, Window(kernel: 3)), activation, "_act")
        let graph = g.classify(g.convRelu(x, "conv2", 5, Window(kernel: 3)))
        let network = try Network(graph)
        let trace = try ForwardPass.run(network, graph.picture(), keeping: .trace, context: context)
        let layer = try network.layer(named: "conv2")
        let seed = trace.activation(layer)
        #expect(throws: NetworksError.activationRefused(layer: "conv1_act", activation: activation.title)) {
            try BackwardPass.project(from: layer, seed: seed, trace: trace, rules: Rectifying(), context: context)
        }
        #expect(throws: NetworksError.self) { try BackwardPass.check(from: layer, in: network, rules: Rectifying()) }
        let rules = Rectifying(others: .derivative)
        let found = try BackwardPass.project(from: layer, seed: seed, trace: trace, rules: rules, context: context)
        let definition = SignalDefinition(definition: NetworkDefinition(graph, graph.picture()), rules: rules)
        let expected = definition.project(from: "conv2_relu", seed: seed.rows().values.map(Double.init)).map(Float.init)
        #expect(difference(found.values, expected, within: .reference) == nil)
    }

    @Test func refusesNothingThatTheSignalDoesNotCross() throws {
        var g = SampleGraph(seed: 4)
        let one = g.convRelu("input", "conv1", 4, Window(kernel: 3))
        let two = g.activation(g.conv("input", "conv2", 4, Window(kernel: 3)), .silu, "_act")
        let network = try Network(g.classify(g.convRelu(g.concat([one, two], "mixed"), "conv3", 5, Window(kernel: 3))))
        for (name, isRefused) in [
            ("conv1", false), ("conv2", false), ("conv2_act", true), ("mixed", true), ("fc", true),
        ] {
            let layer = try network.layer(named: name)
            if isRefused {
                #expect(throws: NetworksError.activationRefused(layer: "conv2_act", activation: "SiLU")) {
                    try BackwardPass.check(from: layer, in: network, rules: Rectifying())
                }
            } else {
                try BackwardPass.check(from: layer, in: network, rules: Rectifying())
            }
        }
    }
}
