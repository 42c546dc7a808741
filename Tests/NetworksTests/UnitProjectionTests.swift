import Concurrency
import Kernels
import Networks
import Tensors
import TestSupport
import Testing

/// What units send back, computed in their receptive fields, has the bits of plain backward passes.
@Suite struct UnitProjectionTests {
    /// The corners, the middle and one unit more of some feature maps.
    private func units(of layer: Layer) -> [UnitSeed] {
        let (bottom, right) = (layer.height - 1, layer.width - 1)
        let places = [(0, 0), (bottom, right), (0, right), (bottom, 0), (bottom / 2, right / 2), (bottom, right / 3)]
        return places.enumerated().map { index, place in
            UnitSeed(
                featureMap: (index * 7 + 3) % layer.featureMaps, y: place.0, x: place.1,
                value: index == 4 ? 0 : Float(index) - 1.5)
        }
    }

    private func seed(_ units: [UnitSeed], at layer: Layer) -> BlockedMaps {
        BlockedMaps.stacked(
            units.map {
                BlockedMaps.unit(
                    channels: layer.featureMaps, height: layer.height, width: layer.width, channel: $0.featureMap,
                    y: $0.y, x: $0.x, value: $0.value)
            })
    }

    private func compare(_ sample: Sample, _ rules: some SignalRules, _ context: KernelContext) throws {
        let graph = sample.graph
        let network = try Network(graph)
        let trace = try ForwardPass.run(network, graph.picture(), keeping: .trace, context: context)
        for layer in network.layers {
            let units = units(of: layer)
            let plain = try BackwardPass.project(
                from: layer, seed: seed(units, at: layer), trace: trace, rules: rules, context: context)
            for count in [1, 2, units.count] {
                let found = try BackwardPass.project(
                    from: layer, units: Array(units.prefix(count)), trace: trace, rules: rules, context: context)
                for (index, signal) in found.enumerated() {
                    #expect(signal.values.isIdentical(to: plain.slice(index)), "unit \(index) of '\(layer.name)'")
                }
            }
        }
    }

    @Test(arguments: Sample.allCases, OverlapRule.allCases)
    func theyHaveTheBitsOfPlainPasses(_ sample: Sample, _ overlap: OverlapRule) throws {
        for instructions in InstructionSet.available {
            try compare(sample, Rectifying(overlap: overlap), KernelContext(instructionSet: instructions))
        }
    }

    @Test(arguments: Sample.allCases, [ActivationRule.derivative, .guided, .identity])
    func soTheyDoByOtherRules(_ sample: Sample, _ rule: ActivationRule) throws {
        try compare(sample, Uniform(rule: rule), KernelContext())
    }

    @Test(arguments: Sample.allCases) func soTheyDoOnManyThreads(_ sample: Sample) throws {
        for threads in [2, 3] {
            let pool = ComputePool(threads: threads)
            defer { pool.shutDown() }
            try pool.turn(priority: .interactive, token: .never) { team in
                try compare(sample, Rectifying(normalization: .gradient), KernelContext(team: team))
            }
        }
    }

    @Test func nothingIsOutsideOfTheRectangle() throws {
        let graph = Sample.plain.graph
        let network = try Network(graph)
        let context = KernelContext()
        let trace = try ForwardPass.run(network, graph.picture(), keeping: .trace, context: context)
        let layer = try network.layer(named: "conv2")
        let found = try BackwardPass.project(
            from: layer, units: [UnitSeed(featureMap: 4, y: 0, x: 2, value: 1)], trace: trace, rules: Rectifying(),
            context: context)
        let field = layer.receptiveField.rectangle(y: 0, x: 2)
        #expect(
            found[0].rectangle
                == MapRectangle(rows: field.top..<field.bottom, columns: field.left..<field.right))
        #expect(found[0].values.values.contains { $0 != 0 })
    }
}
