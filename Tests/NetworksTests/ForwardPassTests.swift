import Concurrency
import Kernels
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct ForwardPassTests {
    private let context = KernelContext()

    @Test(arguments: Sample.allCases) func agreesWithItsDefinition(_ sample: Sample) throws {
        let graph = sample.graph
        let network = try Network(graph)
        let picture = graph.picture()
        let trace = try ForwardPass.run(network, picture, keeping: .trace, context: context)
        let definition = NetworkDefinition(graph, picture)
        for layer in network.layers {
            let expected = try #require(definition.values[layer.lastValue]).map(Float.init)
            let found = trace.activation(layer).rows().values
            #expect(difference(found, expected, within: .reference) == nil, "\(layer.name)")
        }
        let probabilities = try #require(definition.values["probabilities"]).map(Float.init)
        #expect(difference(trace.probabilities.values, probabilities, within: .reference) == nil)
        #expect(trace.logits.shape == [1, network.classes])
    }

    @Test(arguments: Sample.allCases) func givesTheSameBitsWhateverIsKept(_ sample: Sample) throws {
        let graph = sample.graph
        let network = try Network(graph)
        let whole = try ForwardPass.run(network, graph.picture(), keeping: .trace, context: context)
        let bare = try ForwardPass.run(network, graph.picture(), context: context)
        #expect(bare.logits.isIdentical(to: whole.logits))
        for layer in network.layers {
            let one = try ForwardPass.run(network, graph.picture(), keeping: .layers([layer.index]), context: context)
            #expect(one.logits.isIdentical(to: whole.logits))
            #expect(one.activation(layer).isIdentical(to: whole.activation(layer)), "\(layer.name)")
            #expect(network.layers.filter(one.keeps).map(\.index) == [layer.index])
            #expect(!bare.keeps(layer) && whole.keeps(layer))
        }
    }

    @Test(arguments: Sample.allCases) func aPassUpToALayerIsAPartOfTheWhole(_ sample: Sample) throws {
        let graph = sample.graph
        let network = try Network(graph)
        let picture = graph.picture().slice(0)
        let whole = try ForwardPass.trace(network, picture, context: context)
        #expect(whole.isWhole)
        var begun: ForwardTrace?
        for layer in network.layers {
            let part = try ForwardPass.trace(network, picture, upTo: layer, context: context)
            begun = try ForwardPass.trace(network, picture, upTo: layer, from: begun, context: context)
            for trace in [part, try #require(begun)] {
                #expect(!trace.isWhole)
                for other in network.layers {
                    #expect(trace.reaches(other) == (other.index <= layer.index) && whole.reaches(other))
                    guard trace.reaches(other) else { continue }
                    #expect(trace.activation(other).isIdentical(to: whole.activation(other)), "\(other.name)")
                    #expect((trace.switches(of: other) == nil) == (whole.switches(of: other) == nil))
                }
                let finished = try ForwardPass.finish(trace, keeping: .layers([layer.index]), context: context)
                #expect(finished.logits.isIdentical(to: whole.logits))
                #expect(finished.activation(layer).isIdentical(to: whole.activation(layer)))
                let all = try ForwardPass.trace(network, picture, from: trace, context: context)
                #expect(all.isWhole && all.probabilities.isIdentical(to: whole.probabilities))
                for other in network.layers {
                    #expect(all.activation(other).isIdentical(to: whole.activation(other)), "\(other.name)")
                    #expect((all.switches(of: other) == nil) == (whole.switches(of: other) == nil))
                }
            }
        }
        // What is there is not lost to who asks for less.
        let first = network.layers[0]
        #expect(try ForwardPass.trace(network, picture, upTo: first, from: whole, context: context).reaches(first))
    }

    @Test func whatLiesBehindTheLayerOfAPassIsNotLookedAt() throws {
        let network = try Network(Sample.residual.graph)
        let picture = Tensor(shape: [3, 13, 11], repeating: 3e38)
        #expect(throws: NetworksError.self) { try ForwardPass.trace(network, picture, context: context) }
        let first = network.layers[0]
        #expect(try ForwardPass.trace(network, picture, upTo: first, context: context).reaches(first))
    }

    @Test(arguments: Sample.allCases) func givesTheSameBitsInABatch(_ sample: Sample) throws {
        let graph = sample.graph
        let network = try Network(graph)
        let batch = graph.picture(images: 3)
        let together = try ForwardPass.run(network, batch, keeping: .trace, context: context)
        for image in 0..<3 {
            let alone = try ForwardPass.run(network, batch.slice(image), keeping: .trace, context: context)
            let one = together.image(image)
            #expect(one.logits.isIdentical(to: alone.logits))
            #expect(one.probabilities.isIdentical(to: alone.probabilities))
            for layer in network.layers {
                #expect(one.activation(layer).isIdentical(to: alone.activation(layer)), "\(layer.name)")
            }
        }
    }

    @Test(arguments: Sample.allCases) func givesTheSameBitsFromAnyThreadsAndInstructions(_ sample: Sample) throws {
        let graph = sample.graph
        let network = try Network(graph)
        let batch = graph.picture(images: 2)
        let reference = try ForwardPass.run(network, batch, keeping: .trace, context: context)
        for threads in 1...4 {
            let pool = ComputePool(threads: threads)
            defer { pool.shutDown() }
            for instructions in InstructionSet.available {
                let trace = try pool.turn(priority: .interactive, token: .never) { team in
                    let context = KernelContext(instructionSet: instructions, team: team)
                    return try ForwardPass.run(network, batch, keeping: .trace, context: context)
                }
                #expect(trace.logits.isIdentical(to: reference.logits), "\(threads) threads, \(instructions)")
                for layer in network.layers {
                    #expect(trace.activation(layer).isIdentical(to: reference.activation(layer)), "\(layer.name)")
                }
            }
        }
    }

    @Test func takesAnInputWithoutABatch() throws {
        let graph = Sample.plain.graph
        let network = try Network(graph)
        let with = try ForwardPass.run(network, graph.picture(), context: context)
        let without = try ForwardPass.run(network, graph.picture().slice(0), context: context)
        #expect(with.logits.isIdentical(to: without.logits))
    }

    @Test(arguments: [[3, 9, 10], [1, 3, 9], [0, 3, 9, 11], [1, 1, 3, 9, 11], [3, 11, 9]]) func refusesAnotherShape(
        _ sizes: [Int]
    ) throws {
        let network = try Network(Sample.plain.graph)
        #expect(throws: NetworksError.inputShape(expected: [3, 9, 11], actual: Shape(sizes))) {
            try ForwardPass.run(network, Tensor(shape: Shape(sizes)), context: context)
        }
    }

    @Test(arguments: [Keeping.logits, .trace]) func refusesNaN(_ keeping: Keeping) throws {
        let network = try Network(Sample.plain.graph)
        var picture = Sample.plain.graph.picture()
        picture[0, 1, 4, 5] = .nan
        let layer = keeping == .trace ? "pool1" : "fc"
        #expect(throws: NetworksError.notFinite(layer: layer)) {
            try ForwardPass.run(network, picture, keeping: keeping, context: context)
        }
    }

    @Test func refusesLogitsThatAreNotFinite() throws {
        let network = try Network(Sample.residual.graph)
        let picture = Tensor(shape: [3, 13, 11], repeating: 3e38)
        #expect(throws: NetworksError.self) { try ForwardPass.run(network, picture, context: context) }
    }

    @Test func keepsSwitchesOfAWholeTrace() throws {
        let graph = Sample.plain.graph
        let network = try Network(graph)
        let trace = try ForwardPass.run(network, graph.picture(), keeping: .trace, context: context)
        let pool = try network.layer(named: "pool1")
        let switches = try #require(trace.switches(of: pool))
        let expected = try #require(
            NetworkDefinition(graph, graph.picture()).steps.first { $0.node.name == "pool1" }?.maps[0].selected)
        let plane = switches.inputHeight * switches.inputWidth
        var unit = 0
        for channel in 0..<pool.featureMaps {
            for y in 0..<pool.height {
                for x in 0..<pool.width {
                    let found = switches.position(image: 0, channel: channel, y: y, x: x)
                    #expect(channel * plane + found.y * switches.inputWidth + found.x == expected[unit])
                    unit += 1
                }
            }
        }
        #expect(trace.switches(of: network.classifier) == nil)
    }

    @Test func givesBackItsBuffers() throws {
        let graph = Sample.alignedInception.graph
        let network = try Network(graph)
        let context = KernelContext(buffers: BufferPool())
        _ = try ForwardPass.run(network, graph.picture(), context: context)
        let kept = context.buffers.keptBytes
        for _ in 0..<3 { _ = try ForwardPass.run(network, graph.picture(), context: context) }
        #expect(kept > 0 && context.buffers.keptBytes == kept)
    }

    @Test func holdsNoMoreActivationsThanAreReadAgain() throws {
        var g = SampleGraph(channels: 16, height: 32, width: 32)
        var x = "input"
        for k in 1...12 { x = g.convRelu(x, "conv\(k)", 16, Window(kernel: 1)) }
        let graph = g.classify(x)
        let context = KernelContext(buffers: BufferPool())
        _ = try ForwardPass.run(try Network(graph), graph.picture(), context: context)
        let one = 16 * 32 * 32 * 4
        #expect(context.buffers.keptBytes >= one && context.buffers.keptBytes <= 5 * one)
    }
}

extension NetworkGraph {
    /// A picture for it.
    func picture(seed: UInt64 = 7, images: Int = 1) -> Tensor {
        randomTensor(shape: [images, input.channels, input.height, input.width], seed: seed)
    }
}

extension Layer {
    /// The name of its activation's value.
    var lastValue: String { values.last ?? "" }
}
