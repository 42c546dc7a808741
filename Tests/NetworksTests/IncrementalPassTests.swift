import Concurrency
import Kernels
import Networks
import Tensors
import TestSupport
import Testing

/// A pass over a changed input, computed where the change reaches, has the bits of a plain one.
@Suite struct IncrementalPassTests {
    private let context = KernelContext()

    private func pass(_ graph: NetworkGraph, _ input: Tensor) throws -> (network: Network, pass: IncrementalPass) {
        let network = try Network(graph)
        let trace = try ForwardPass.run(network, input, keeping: .layers(Set(network.layers.indices)), context: context)
        return (network, IncrementalPass(trace, of: input, context: context))
    }

    @Test(arguments: Sample.allCases) func givesTheBitsOfAPlainPass(_ sample: Sample) throws {
        let input = sample.graph.picture()
        let (network, pass) = try pass(sample.graph, input)
        let changes = Changes.grid(network)
        let plain = try ForwardPass.run(
            network, Changes.inputs(changes, input), keeping: .layers(Set(network.layers.indices)), context: context)
        for layer in network.layers {
            let map = layer.featureMaps - 1
            let found = try pass.run(changes, summing: (layer, map), context: context)
            #expect(found.logits.isIdentical(to: plain.logits))
            #expect(found.probabilities.isIdentical(to: plain.probabilities))
            let sums = changes.indices.map { plain.activation(layer).sum(image: $0, channel: map) }
            #expect(found.sums.map(\.bitPattern) == sums.map(\.bitPattern), "\(layer.name)")
        }
    }

    @Test(arguments: Sample.allCases) func doesNotDependOnTheBatch(_ sample: Sample) throws {
        let input = sample.graph.picture()
        let (network, pass) = try pass(sample.graph, input)
        let changes = Changes.grid(network)
        let together = try pass.run(changes, context: context).logits
        for (index, change) in changes.enumerated() {
            let alone = try pass.run([change], context: context).logits
            #expect(alone.slice(0).isIdentical(to: together.slice(index)), "\(change.rectangle)")
        }
    }

    @Test(arguments: Sample.allCases, [1, 4]) func canBeFollowedAFewAtATime(_ sample: Sample, _ few: Int) throws {
        let input = sample.graph.picture()
        let (network, pass) = try pass(sample.graph, input)
        let (changes, summing) = (Changes.grid(network), (layer: network.defaultLayer, featureMap: 0))
        let expected = try pass.run(changes, summing: summing, context: context)
        var run = ChangeRun(changes, of: pass, summing: summing, buffers: context.buffers)
        for first in stride(from: 0, to: run.count, by: few) {
            try run.follow(first..<min(run.count, first + few), context)
        }
        let found = try run.outputs(context)
        #expect(found.logits.isIdentical(to: expected.logits))
        #expect(found.sums.map(\.bitPattern) == expected.sums.map(\.bitPattern))
    }

    @Test(arguments: Sample.allCases, [1, 20_000, 1_000_000]) func turnsBetweenLayersChangeNoBit(
        _ sample: Sample, _ work: Int
    ) throws {
        let input = sample.graph.picture()
        let (network, pass) = try pass(sample.graph, input)
        let (changes, summing) = (Changes.grid(network), (layer: network.defaultLayer, featureMap: 0))
        let expected = try pass.run(changes, summing: summing, context: context)
        let pool = ComputePool(threads: 2)
        defer { pool.shutDown() }
        var run = ChangeRun(changes, of: pass, summing: summing, turnWork: work, buffers: context.buffers)
        var turns = 0
        for range in [0..<run.count / 3, run.count / 3..<run.count] {
            try run.follow(range, threads: 2) { body in
                turns += 1
                try pool.turn(priority: .background, token: .never) { try body(context.with(team: $0)) }
            }
        }
        let found = try run.outputs(context)
        #expect(found.logits.isIdentical(to: expected.logits))
        #expect(found.sums.map(\.bitPattern) == expected.sums.map(\.bitPattern))
        let isCut = network.costs(ofChanging: [0..<1], [0..<1]).isCutByLayers
        #expect(isCut == (sample == .tiled) && (isCut && work == 1 ? turns > 2 : turns >= 2))
        #expect(isCut || turns == 2)
    }

    @Test(arguments: Sample.allCases, [1, 3000]) func turnsOfItsTailChangeNoBit(
        _ sample: Sample, _ work: Int
    ) throws {
        let input = sample.graph.picture()
        let (network, pass) = try pass(sample.graph, input)
        let changes = Changes.grid(network)
        let summing = (layer: network.layers[network.layers.count - 1], featureMap: 0)
        let expected = try pass.run(changes, summing: summing, context: context)
        let pool = ComputePool(threads: 2)
        defer { pool.shutDown() }
        var run = ChangeRun(changes, of: pass, summing: summing, turnWork: work, buffers: context.buffers)
        try run.follow(0..<run.count, context)
        for turn in 0..<run.tailTurns {
            // Each turn has threads of its own.
            if turn.isMultiple(of: 2) {
                try run.computeTail(context)
            } else {
                try pool.turn(priority: .background, token: .never) { try run.computeTail(context.with(team: $0)) }
            }
        }
        let found = try run.outputs(context)
        #expect(found.logits.isIdentical(to: expected.logits))
        #expect(found.sums.map(\.bitPattern) == expected.sums.map(\.bitPattern))
    }

    @Test(arguments: Sample.allCases) func doesNotDependOnThreadsOrInstructions(_ sample: Sample) throws {
        let input = sample.graph.picture()
        let (network, pass) = try pass(sample.graph, input)
        let changes = Changes.grid(network)
        let summing = (network.defaultLayer, 0)
        let expected = try pass.run(changes, summing: summing, context: context)
        for threads in [1, 2, 4] {
            let pool = ComputePool(threads: threads)
            defer { pool.shutDown() }
            for instructions in InstructionSet.available {
                let found = try pool.turn(priority: .interactive, token: .never) { team in
                    let context = KernelContext(instructionSet: instructions, team: team)
                    return try pass.run(changes, summing: summing, context: context)
                }
                #expect(found.logits.isIdentical(to: expected.logits), "\(threads) threads, \(instructions)")
                #expect(found.sums.map(\.bitPattern) == expected.sums.map(\.bitPattern))
            }
        }
    }

    @Test(arguments: Sample.allCases) func whatChangesNothingCostsNothing(_ sample: Sample) throws {
        let graph = sample.graph
        let channels = (0..<graph.input.channels).map { Float($0) / 4 }
        var input = Tensor(shape: [1, graph.input.channels, graph.input.height, graph.input.width])
        let plane = graph.input.height * graph.input.width
        for index in 0..<input.count { input[flat: index] = channels[index / plane] }
        let (network, pass) = try pass(graph, input)
        let plain = try ForwardPass.run(network, input, context: context)
        let changes = [
            InputChange(rectangle: MapRectangle(rows: 1..<4, columns: 0..<3), values: channels),
            InputChange(rectangle: .empty, values: channels),
        ]
        let found = try pass.run(changes, summing: (network.defaultLayer, 0), context: context)
        for change in 0..<2 { #expect(found.logits.slice(change).isIdentical(to: plain.logits.slice(0))) }
        #expect(found.sums[0].bitPattern == found.sums[1].bitPattern)
    }

    @Test func refusesLogitsThatAreNotFinite() throws {
        let (network, pass) = try pass(Sample.residual.graph, Sample.residual.graph.picture())
        let change = InputChange(
            rectangle: MapRectangle(rows: 0..<13, columns: 0..<11), values: [3e38, 3e38, 3e38])
        #expect(throws: NetworksError.notFinite(layer: network.outputLayer.name)) {
            try pass.run([change], context: context)
        }
    }

    @Test func givesBackItsBuffers() throws {
        let graph = Sample.alignedInception.graph
        let context = KernelContext(buffers: BufferPool())
        let network = try Network(graph)
        let trace = try ForwardPass.run(
            network, graph.picture(), keeping: .layers(Set(network.layers.indices)), context: context)
        let pass = IncrementalPass(trace, of: graph.picture(), context: context)
        let changes = Changes.grid(network)
        _ = try pass.run(changes, context: context)
        let kept = context.buffers.keptBytes
        for _ in 0..<3 { _ = try pass.run(changes, context: context) }
        #expect(kept > 0 && context.buffers.keptBytes == kept)
    }
}

/// Changes to try: rectangles of all kinds of sizes at all kinds of places.
enum Changes {
    static func grid(_ network: Network) -> [InputChange] {
        let (channels, height, width) = (network.inputShape[0], network.inputShape[1], network.inputShape[2])
        var changes: [InputChange] = []
        for side in [1, 2, 3, 5, 30] {
            for row in stride(from: -1, to: height, by: side == 1 ? 3 : 4) {
                for column in stride(from: -2, to: width, by: side == 1 ? 4 : 5) {
                    let rows = max(0, row)..<max(0, min(height, row + side))
                    let columns = max(0, column)..<max(0, min(width, column + side))
                    changes.append(
                        InputChange(
                            rectangle: MapRectangle(rows: rows, columns: columns),
                            values: (0..<channels).map { Float($0 * 7 % 5) / 2 - 1 }))
                }
            }
        }
        return changes
    }

    /// The input with each of the changes made, [changes, C, H, W].
    static func inputs(_ changes: [InputChange], _ input: Tensor) -> Tensor {
        Tensor.stacked(
            changes.map { change in
                var changed = input.shape.rank == 4 ? input.slice(0) : input
                for (channel, value) in change.values.enumerated() {
                    for row in change.rectangle.rows {
                        for column in change.rectangle.columns { changed[channel, row, column] = value }
                    }
                }
                return changed
            })
    }
}
