import Kernels
import Networks
import Tensors
import Testing

@Suite struct NamingTests {
    @Test func aLayerIsCalledAfterItsLastNode() throws {
        let names = try Network(Sample.residual.graph).layers.map(\.name)
        #expect(
            names == [
                "stem_bn_relu", "stem_pool", "b0_bn1_relu", "b0_bn2", "b0_add_relu", "b1_bn1", "b1_sbn", "b1_add_relu",
                "gap", "flatten", "fc",
            ])
    }

    @Test func everyNameOfALayerFindsIt() throws {
        let network = try Network(Sample.residual.graph)
        for name in ["b0_1", "b0_bn1", "b0_bn1_relu"] { #expect(try network.layer(named: name).name == "b0_bn1_relu") }
        for name in ["b0_add", "b0_add_relu", "b0"] { #expect(try network.layer(named: name).name == "b0_add_relu") }
    }

    @Test func namesOfNodesAndValuesBothCount() throws {
        var graph = Sample.plain.graph
        for k in graph.nodes.indices {
            graph.nodes[k].output += ":0"
            graph.nodes[k].inputs = graph.nodes[k].inputs.map { $0 == "input" ? $0 : $0 + ":0" }
        }
        graph.outputs = ["probabilities:0"]
        let network = try Network(graph)
        for name in ["conv1", "conv1:0", "conv1_relu", "conv1_relu:0"] {
            let layer = try network.layer(named: name)
            #expect(layer.name == "conv1_relu")
            #expect(layer.nodes == ["conv1", "conv1_relu"] && layer.values == ["conv1:0", "conv1_relu:0"])
        }
    }

    @Test func namesOfRemovedNodesAreKept() throws {
        let network = try Network(Sample.dense.graph)
        #expect(try network.layer(named: "drop6").name == "fc6_relu")
        #expect(throws: NetworksError.self) { try network.layer(named: "probabilities") }
    }

    @Test(arguments: ["fire9_concat", "fire9/concat", "fire9_add_1", "fire9_relu", "fire9_clip/x"])
    func aUniquePrefixIsAnAlias(_ name: String) throws {
        var g = SampleGraph()
        let graph = g.classify(
            g.concat([g.conv("input", "c1", 16, Window(kernel: 1)), g.conv("input", "c2", 3, Window(kernel: 1))], name))
        #expect(try Network(graph).layer(named: "fire9").name == name)
    }

    @Test func aPrefixOfSeveralLayersIsRefusedWithTheirNames() throws {
        var g = SampleGraph()
        let x = g.conv("input", "fire/squeeze", 4, Window(kernel: 1))
        let graph = g.classify(g.conv(x, "fire/expand", 4, Window(kernel: 1)))
        let network = try Network(graph)
        let error = NetworksError.ambiguousLayer(name: "fire", candidates: ["fire/squeeze", "fire/expand"])
        #expect(throws: error) { try network.layer(named: "fire") }
        #expect(error.description == "'fire' is short for several layers: fire/squeeze, fire/expand")
    }

    @Test func anEndlessNameHasNoAliases() throws {
        var graph = Sample.dense.graph
        let name = String(repeating: "a/", count: 100_000)
        graph.nodes[2].name = name
        let network = try Network(graph)
        #expect(try network.layer(named: name).name == name)
        #expect(throws: NetworksError.self) { try network.layer(named: "a") }
    }

    @Test func anExactNameGoesBeforeAPrefix() throws {
        var g = SampleGraph()
        let x = g.conv("input", "block", 4, Window(kernel: 1))
        let graph = g.classify(g.conv(x, "block_add", 4, Window(kernel: 1)))
        #expect(try Network(graph).layer(named: "block").name == "block")
    }

    @Test func anUnknownLayerIsRefusedWithAllNames() throws {
        let network = try Network(Sample.dense.graph)
        let error = NetworksError.unknownLayer(
            name: "conv9", available: ["conv1_relu", "pool1", "flatten", "fc6_relu", "fc7"])
        #expect(throws: error) { try network.layer(named: "conv9") }
        #expect(error.description == "no layer 'conv9'; this model has conv1_relu, pool1, flatten, fc6_relu, fc7")
        for name in ["", "input", "conv", "_relu"] {
            #expect(throws: NetworksError.self) { try network.layer(named: name) }
        }
    }

    @Test func aFileWithoutNamesGetsThemByOrder() throws {
        for (values, names) in [
            (["1", "2", "3", "4", "5", "6", "7", "8", "9"], ["conv1", "pool1", "flatten1", "fc2", "fc3"]),
            (["a", "2", "3", "4", "5", "6", "7", "c", "9"], ["conv1", "pool1", "flatten1", "fc2", "c"]),
        ] {
            var graph = Sample.dense.graph
            var renamed = ["input": "input"]
            for k in graph.nodes.indices {
                renamed[graph.nodes[k].output] = values[k]
                graph.nodes[k].output = values[k]
                graph.nodes[k].name = ""
                graph.nodes[k].inputs = graph.nodes[k].inputs.map { renamed[$0] ?? "" }
            }
            graph.outputs = [graph.nodes[graph.nodes.count - 1].output]
            let network = try Network(graph)
            #expect(network.layers.map(\.name) == names)
            #expect(try network.layer(named: "2").name == "conv1")
        }
    }

    @Test func namesByOrderDoNotRepeat() throws {
        var g = SampleGraph()
        let x = g.maxPool(g.conv("input", "1", 4, Window(kernel: 1)), "2", Window(kernel: 2))
        var graph = g.classify(g.maxPool(x, "3", Window(kernel: 2)))
        for k in 0..<3 { graph.nodes[k].name = "" }
        #expect(try Network(graph).layers.prefix(3).map(\.name) == ["conv1", "pool1", "pool1_2"])
    }

    @Test func aRepeatedNodeNameGivesWayToTheValue() throws {
        var graph = Sample.dense.graph
        graph.nodes[2].name = "twin"
        graph.nodes[3].name = "twin"
        #expect(try Network(graph).layers.prefix(3).map(\.name) == ["conv1_relu", "twin", "flatten"])
    }

    @Test func theDefaultIsTheLastLayerWithPositionsBelowTheClassifier() throws {
        let expected: [Sample: (String, String)] = [
            .plain: ("conv2_relu", "fc"), .residual: ("b1_add_relu", "fc"), .inception: ("head_relu", "fc"),
            .dense: ("pool1", "fc7"), .samePadding: ("conv2_relu", "fc"),
        ]
        for (sample, names) in expected {
            let network = try Network(sample.graph)
            #expect(network.defaultLayer.name == names.0 && network.classifier.name == names.1)
        }
    }

    @Test func theDefaultIsBelowAConvolutionThatClassifies() throws {
        var g = SampleGraph()
        let x = g.concat(
            [g.conv("input", "c1", 16, Window(kernel: 1)), g.conv("input", "c2", 3, Window(kernel: 1))], "fire9_concat")
        let y = g.node(
            .globalAveragePooling(keepsDimensions: true), [g.convRelu(x, "conv10", 7, Window(kernel: 1))], "gap")
        g.node(.flatten, [y], "logits")
        let network = try Network(g.graph)
        #expect(network.classifier.name == "conv10_relu" && network.defaultLayer.name == "fire9_concat")
        #expect(network.outputLayer.name == "logits" && network.classes == 7)
    }

    @Test func aNetworkOfOneLayerHasItAsDefault() throws {
        var g = SampleGraph(channels: 2, height: 1, width: 1)
        _ = g.conv("input", "conv1", 3, Window(kernel: 1))
        let network = try Network(g.graph)
        #expect(network.defaultLayer.name == "conv1" && network.classifier.name == "conv1")
    }
}
