import Networks
import Testing

@Suite struct TurnPlanTests {
    @Test(arguments: Sample.allCases, [1, 3000, 100_000]) func everyLayerIsComputedOnceInOrder(
        _ sample: Sample, _ most: Int
    ) throws {
        let network = try Network(sample.graph)
        let layers = network.layers.map(\.index)
        let pieces = TurnPlan(layers, of: network, images: 3, most: most).turns.joined()
        #expect(pieces.filter { $0.part == 0 }.map(\.layer) == layers)
        for layer in layers {
            let own = pieces.filter { $0.layer == layer }
            #expect(own.map(\.part) == Array(0..<own[0].parts) && own.allSatisfy { $0.parts == own.count })
        }
    }

    @Test func turnsAreFilledAndDenseLayersCut() throws {
        let network = try Network(Sample.dense.graph)
        let layers = network.layers.map(\.index)
        #expect(TurnPlan(layers, of: network, images: 1).turns.count == 1)
        let pieces = TurnPlan(layers, of: network, images: 1, most: 1).turns
        // Layers that are no work go with what comes before them.
        #expect(pieces.count > 1 && pieces.allSatisfy { !$0.isEmpty })
        for layer in network.layers where layer.kind == .dense {
            #expect(pieces.joined().count { $0.layer == layer.index } == (layer.featureMaps + 15) / 16)
        }
        #expect(TurnPlan([], of: network, images: 1).turns.isEmpty)
    }

    @Test func aPassEndsItsTurnsBetweenLayers() throws {
        let network = try Network(Sample.plain.graph)
        let last = network.layers.count - 1
        #expect(network.turnEnds(ofPassUpTo: last).map(\.index) == [last])
        #expect(network.turnEnds(ofPassUpTo: 1).map(\.index) == [1])
    }
}
