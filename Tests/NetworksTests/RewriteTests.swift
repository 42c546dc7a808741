import Kernels
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct RewriteTests {
    private let context = KernelContext()

    @Test func nothingIsFusedAcrossAValueThatSomethingElseReads() throws {
        let network = try Network(Sample.unfolded.graph)
        #expect(
            network.layers.map(\.name) == [
                "bn_in", "conv1", "bn1", "bn1_relu", "add1_bn_relu", "scale", "add2", "conv2_relu", "gap", "flatten",
                "fc",
            ])
        #expect(
            network.layers.map(\.kind).prefix(6) == [
                .batchNormalization, .convolution, .batchNormalization, .activation, .add, .batchNormalization,
            ])
    }

    @Test func anOutputInTheMiddleEndsTheNetwork() throws {
        let graph = Sample.plain.graph
        let network = try Network(graph, output: "flatten")
        #expect(network.layers.map(\.name) == ["conv1_relu", "pool1", "conv2_relu", "gap", "flatten"])
        #expect(network.classes == 20)
    }

    @Test(arguments: [Activation.leakyRelu(slope: 0.1), .silu, .sigmoid]) func otherActivationsAreLayersOfTheirOwn(
        _ activation: Activation
    ) throws {
        var g = SampleGraph()
        let graph = g.classify(g.activation(g.conv("input", "conv1", 4, Window(kernel: 3)), activation, "_act"))
        let network = try Network(graph)
        #expect(network.layers.map(\.name).prefix(2) == ["conv1", "conv1_act"])
        #expect(network.layers[1].kind == .activation && network.layers[1].activation == activation)
        #expect(network.layers[0].activation == .identity)
    }

    @Test func aSecondActivationIsALayerOfItsOwn() throws {
        var g = SampleGraph()
        let x = g.convRelu("input", "conv1", 4, Window(kernel: 3))
        let graph = g.classify(g.activation(x, .clip(low: 0, high: 1), "_clip"))
        #expect(try Network(graph).layers.map(\.name).prefix(2) == ["conv1_relu", "conv1_relu_clip"])
    }

    @Test func aBatchNormBehindAReLUIsNotFolded() throws {
        var g = SampleGraph()
        let graph = g.classify(g.batchNorm(g.convRelu("input", "conv1", 4, Window(kernel: 3)), "bn"))
        #expect(try Network(graph).layers.map(\.name).prefix(2) == ["conv1_relu", "bn"])
    }

    @Test func anOutputOfLogitsOrOfTheirSoftmaxGivesTheSameNetwork() throws {
        let graph = Sample.plain.graph
        let (soft, bare) = (try Network(graph), try Network(graph, output: "fc"))
        #expect(soft.layers.map(\.name) == bare.layers.map(\.name))
        let found = try [soft, bare].map { try ForwardPass.run($0, graph.picture(), context: context) }
        #expect(found[0].logits.isIdentical(to: found[1].logits))
        #expect(found[0].probabilities.isIdentical(to: found[1].probabilities))
    }

    @Test func aSoftmaxBeforeAFinalFlatteningIsCutOff() throws {
        var g = SampleGraph()
        let conv = g.convRelu("input", "conv10", 7, Window(kernel: 1))
        let mean = g.node(.globalAveragePooling(keepsDimensions: true), [conv], "gap")
        g.node(.identity, [g.node(.flatten, [g.node(.softmax, [mean], "soft")], "flat")], "out")
        let network = try Network(g.graph)
        #expect(network.layers.map(\.name) == ["conv10_relu", "gap", "flat"])
        #expect(try network.layer(named: "out").name == "flat")
    }

    @Test func anIdentityOnTheInputDisappears() throws {
        var g = SampleGraph()
        let x = g.node(.identity, ["input"], "id")
        let graph = g.classify(g.conv(x, "conv1", 4, Window(kernel: 3)))
        let network = try Network(graph)
        #expect(network.layers[0].name == "conv1" && network.layers[0].inputs == [.input])
        #expect(throws: NetworksError.self) { try network.layer(named: "id") }
    }

    @Test func nodesOutOfOrderGiveTheSameNumbers() throws {
        let graph = Sample.inception.graph
        var shuffled = graph
        shuffled.nodes.reverse()
        let found = try [graph, shuffled].map {
            try ForwardPass.run(try Network($0), graph.picture(), context: context).logits
        }
        #expect(found[0].isIdentical(to: found[1]))
    }

    @Test func whatTheOutputDoesNotNeedIsLeftOut() throws {
        var g = SampleGraph()
        let x = g.convRelu("input", "conv1", 4, Window(kernel: 3))
        _ = g.conv(x, "auxiliary", 9, Window(kernel: 3))
        let network = try Network(g.classify(x))
        #expect(network.layers.map(\.name) == ["conv1_relu", "gap", "flatten", "fc"])
    }

    @Test func scalarConstantsAreFolded() throws {
        var g = SampleGraph()
        let conv = g.conv("input", "conv1", 4, Window(kernel: 3))
        let scaled = g.node(
            .scaleShift(scale: Tensor(shape: [1], values: [2]), shift: Tensor(shape: [4], values: [1, 2, 3, 4])),
            [conv], "s")
        let graph = g.classify(g.relu(scaled))
        let network = try Network(graph)
        #expect(network.layers[0].name == "s_relu" && network.layers[0].nodes == ["conv1", "s", "s_relu"])
        let found = try ForwardPass.run(network, graph.picture(), context: context).logits
        let expected = try #require(NetworkDefinition(graph, graph.picture()).values["fc"]).map(Float.init)
        #expect(difference(found.values, expected, within: .reference) == nil)
    }

    @Test func countsMultiplyAdds() throws {
        let network = try Network(Sample.dense.graph)
        let conv = 5 * 5 * 4 * 27
        #expect(network.layers.map(\.multiplyAdds) == [conv, 0, 0, 18 * 20, 6 * 18])
        #expect(network.multiplyAdds == conv + 18 * 20 + 6 * 18)
        #expect(network.multiplyAdds(upTo: network.layers[3]) == conv + 18 * 20)
        #expect(network.multiplyAdds(ofPassUpTo: network.layers[3]) == conv + 18 * 20)
        #expect(network.traceBytes(upTo: network.layers[3]) < network.traceBytes)
        #expect(network.traceBytes(upTo: network.layers[network.layers.count - 1]) == network.traceBytes)
        #expect(try Network(Sample.depthwise.graph).layers[1].multiplyAdds == 8 * 6 * 4 * 9)
    }

    @Test func countsOnlyTheBranchALayerDependsOn() throws {
        let network = try Network(Sample.inception.graph)
        let cost = { (name: String) in try network.layer(named: name).multiplyAdds }
        #expect(
            network.multiplyAdds(upTo: try network.layer(named: "b2")) == (try cost("stem") + cost("b1") + cost("b2")))
    }

    @Test func countsBytes() throws {
        let network = try Network(Sample.dense.graph)
        let floats = [16 * 5 * 4, 16 * 2 * 2, 32, 32, 16]
        #expect(network.traceBytes == 4 * (floats.reduce(0, +) + floats[1]))
        #expect(network.workingBytes == 4 * (floats[0] + floats[1]))
    }

    @Test func concatenationsMayStandInEachOtherWithoutEnd() throws {
        var g = SampleGraph(seed: 3, height: 2, width: 2)
        var x = g.conv("input", "conv1", 4, Window(kernel: 1))
        let flat = g.classify(x)
        x = g.concat([x], "c0")
        for k in 1...2000 { x = g.concat([x], "c\(k)") }
        var deep = flat
        deep.nodes.insert(contentsOf: g.graph.nodes.suffix(2001), at: 1)
        deep.nodes[2002].inputs = [x]
        let found = try [flat, deep].map { graph in
            try ForwardPass.run(try Network(graph), graph.picture(), context: context).logits
        }
        #expect(found[0].isIdentical(to: found[1]))
    }
}
