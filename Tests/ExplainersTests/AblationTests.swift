import Explainers
import Kernels
import Models
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct AblationTests {
    private let model: Model
    private let input: PreparedInput

    init() throws {
        model = TestModels.model(
            try TinyNetworks.double(height: 12, width: 10), labels: ["ant", "bee", "cat", "dog"])
        input = try model.prepare(randomTensor(shape: [3, 12, 10], seed: 21))
    }

    private func explanation(
        layer: String? = nil, _ removals: RemovalSelection = .each, target: Target = .strongest
    ) throws -> AblationExplanation {
        let options = AblationOptions(layer: layer, removals: removals, target: target)
        return try AblationExplainer(model: model, input: input, options: options).explanation()
    }

    private func logits(removing maps: [Int], of layer: String) throws -> [Float] {
        let layer = try model.network.layer(named: layer)
        return try ForwardPass.run(
            model.network, input.tensor, removing: [FeatureMapRemoval(layer: layer, featureMaps: [maps])],
            context: KernelContext()
        ).logits.values
    }

    @Test(arguments: ["relu1", "pool1", "relu2", "gap", "fc"])
    func groupsAreRemovedTogether(layer: String) throws {
        let groups = [[2], [0, 3], [3, 1]]
        let found = try explanation(layer: layer, .groups(groups))
        #expect(found.ablations.map(\.featureMaps) == groups)
        for (row, group) in groups.enumerated() {
            #expect(found.logits.slice(row).values == (try logits(removing: group, of: layer)))
        }
    }

    @Test func theWholeLayerIsRemovedBesides() throws {
        let found = try explanation(layer: "relu1", .strongest)
        let removed = try logits(removing: Array(0..<6), of: "relu1")
        #expect(found.ablations.count == 1)
        #expect(found.layerRemoved.featureMaps == Array(0..<6))
        #expect(found.layerRemoved.deltaLogit == found.target.logit - removed[found.target.classIndex])
    }

    @Test func largestFallInProbabilityComesFirst() throws {
        let found = try explanation()
        #expect(found.ablations.map(\.featureMaps) == (0..<18).map { [$0] })
        let byFall = found.ablations.sorted {
            ($0.deltaProbability, -$0.featureMaps[0]) > ($1.deltaProbability, -$1.featureMaps[0])
        }
        #expect(found.ranked == byFall)
        #expect(found.deltaProbability.values == found.ablations.map(\.deltaProbability))
        #expect(found.deltaLogit.values == found.ablations.map(\.deltaLogit))
    }

    @Test func silentMapsChangeNothingAndKeepTheirOrder() throws {
        let zero = try model.prepare(Tensor(shape: [3, 12, 10]))
        let found = try AblationExplainer(
            model: model, input: zero, options: AblationOptions(layer: "relu1")
        ).explanation()
        let silent = try ActivationsExplainer(model: model, input: zero, layer: "relu1").explanation().activations
        for map in 0..<6 where silent.slice(map).values.allSatisfy({ $0 == 0 }) {
            #expect(found.ablations[map].deltaProbability == 0 && !found.ablations[map].flipped)
        }
        let unchanged = found.ranked.filter { $0.deltaProbability == 0 }.map { $0.featureMaps[0] }
        #expect(unchanged.count > 1 && unchanged == unchanged.sorted())
    }

    @Test func theTopAreInIndexOrder() throws {
        let top = try DeconvNetExplainer(model: model, input: input, featureMaps: .top(3)).explanation()
        let found = try explanation(.top(3))
        #expect(found.ablations.map { $0.featureMaps[0] } == top.projections.map(\.featureMap).sorted())
    }

    @Test func saysWhichAnswersFlip() throws {
        let found = try explanation(layer: "relu1")
        for ablation in found.ablations + [found.layerRemoved] {
            #expect(ablation.flipped == (ablation.topClass != found.target.classIndex))
            #expect(ablation.topLabel == ["ant", "bee", "cat", "dog"][ablation.topClass])
        }
    }

    @Test func aChosenTargetIsWatched() throws {
        let all = try explanation(target: .all)
        #expect(all.coversAllClasses && all.deltaLogit.shape == [18, 4] && all.deltaProbability.shape == [18, 4])
        for index in 0..<4 {
            let one = try explanation(target: .index(index))
            #expect(one.target.classIndex == index)
            #expect(one.deltaLogit.values == (0..<18).map { all.deltaLogit[$0, index] })
            #expect(one.deltaProbability.values == (0..<18).map { all.deltaProbability[$0, index] })
        }
    }

    @Test func removingALogitRemovesItAlone() throws {
        let found = try explanation(layer: "fc")
        for (index, ablation) in found.ablations.enumerated() {
            let expected = found.unablatedLogits.values.enumerated().map { $0 == index ? 0 : $1 }
            #expect(found.logits.slice(index).values == expected)
            #expect(ablation.deltaLogit == (index == found.target.classIndex ? found.target.logit : 0))
        }
    }

    @Test func estimatesCountOnlyWhatLiesBehindTheLayer() throws {
        let late = try AblationExplainer(model: model, input: input, options: AblationOptions(layer: "gap")).estimate
        let early = try AblationExplainer(model: model, input: input, options: AblationOptions(layer: "relu1")).estimate
        #expect(late.forwardPasses == 20 && early.forwardPasses == 8)
        #expect(late.multiplyAdds < early.multiplyAdds)
    }

    @Test func estimatesCountTheBlocksThatAreHeld() throws {
        let estimate = { (groups: [[Int]]) in
            let options = AblationOptions(layer: "relu2", removals: .groups(groups))
            return try AblationExplainer(model: model, input: input, options: options).estimate
        }
        // 18 maps are two blocks.
        let (one, two, more) = (try estimate([[3]]), try estimate([[3, 17]]), try estimate([[3, 16, 17]]))
        #expect(one.bytes < two.bytes && two.bytes == more.bytes)
        #expect(one.multiplyAdds <= two.multiplyAdds && two.multiplyAdds == more.multiplyAdds)
    }
}
