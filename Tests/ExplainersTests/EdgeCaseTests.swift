import Explainers
import Models
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct EdgeCaseTests {
    @Test func imagesOfOnePixelAreExplained() throws {
        let model = TestModels.model(try TinyNetworks.single(height: 1, width: 1))
        let input = try model.prepare(randomTensor(shape: [3, 1, 1], seed: 8))
        let projection = try DeconvNetExplainer(model: model, input: input).explanation().projections[0]
        #expect(projection.values.shape == [3, 1, 1])
        #expect(projection.unit == UnitPosition(y: 0, x: 0))
        let occlusion = try OcclusionExplainer(model: model, input: input).explanation()
        #expect(occlusion.delta.shape == [1, 1] && occlusion.grid.patch == 1 && occlusion.grid.stride == 1)
        #expect(occlusion.grid.uncovered == 0)
        let ablation = try AblationExplainer(model: model, input: input).explanation()
        #expect(ablation.ablations.count == 5)
        let activations = try ActivationsExplainer(model: model, input: input).explanation()
        #expect(activations.activations.shape == [5, 1, 1])
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func inputsThatAreNotNumbersAreRefused(value: Float) throws {
        let model = TestModels.model(try TinyNetworks.double(height: 12, width: 10))
        var tensor = randomTensor(shape: [3, 12, 10], seed: 21)
        tensor[1, 4, 4] = value
        #expect(throws: ModelsError.self) { try model.prepare(tensor) }
    }

    /// A `PreparedInput` made by other means than `Model.prepare`, which refuses it.
    @Test(arguments: [Float.nan, .infinity])
    func numbersThatAreNoneDoNotReachAnExplanation(value: Float) throws {
        let model = TestModels.model(try TinyNetworks.double(height: 12, width: 10))
        var tensor = randomTensor(shape: [3, 12, 10], seed: 21)
        tensor[1, 4, 4] = value
        let input = PreparedInput(tensor: tensor, frame: nil)
        #expect(throws: NetworksError.self) {
            try PredictionExplainer(model: model, input: input, top: 1).explanation()
        }
        #expect(throws: NetworksError.self) { try DeconvNetExplainer(model: model, input: input).explanation() }
        #expect(throws: NetworksError.self) { try OcclusionExplainer(model: model, input: input).explanation() }
        #expect(throws: NetworksError.self) { try AblationExplainer(model: model, input: input).explanation() }
        #expect(throws: NetworksError.self) { try ActivationsExplainer(model: model, input: input).explanation() }
    }

    @Test func overflowInsideTheNetworkIsAnError() throws {
        let model = TestModels.model(try TinyNetworks.scaling(height: 1, width: 1, weight: 1e30, dense: 1e30))
        let input = try model.prepare(Tensor(shape: [1, 1, 1], repeating: 1e30))
        #expect(throws: NetworksError.self) {
            try PredictionExplainer(model: model, input: input, top: 1).explanation()
        }
        // It does not come to the logits, of which the others tell.
        #expect(throws: ExplainersError.notFinite("the projection of feature map 0 of 'relu'")) {
            try DeconvNetExplainer(model: model, input: input).explanation()
        }
        #expect(throws: NetworksError.self) { try OcclusionExplainer(model: model, input: input).explanation() }
        #expect(throws: NetworksError.self) { try AblationExplainer(model: model, input: input).explanation() }
    }

    @Test func aFillTooLargeForTheNetworkIsAnError() throws {
        let model = TestModels.model(try TinyNetworks.single(height: 6, width: 6))
        let input = try model.prepare(randomTensor(shape: [3, 6, 6], seed: 8))
        let options = OcclusionOptions(fill: [3e38])
        #expect(throws: NetworksError.self) {
            try OcclusionExplainer(model: model, input: input, options: options).explanation()
        }
    }

    @Test func predictionsAreMostProbableFirstAndTiesByIndex() throws {
        // Both classes have the same weights.
        let model = TestModels.model(try TinyNetworks.scaling(height: 2, width: 2, weight: 1, dense: 0.5))
        let input = try model.prepare(Tensor(shape: [1, 2, 2], repeating: 1))
        let found = try PredictionExplainer(model: model, input: input, top: 2).explanation()
        #expect(found.predictions.map(\.classIndex) == [0, 1])
        #expect(found.predictions.map(\.probability) == [0.5, 0.5])
        #expect(found.predictions.map(\.logit) == [2, 2])
        #expect(found.predictions.map(\.label) == [nil, nil])
    }

    @Test func activationsOfChosenMapsAreRowsOfAll() throws {
        let model = TestModels.model(try TinyNetworks.double(height: 12, width: 10))
        let input = try model.prepare(randomTensor(shape: [3, 12, 10], seed: 21))
        let all = try ActivationsExplainer(model: model, input: input, layer: "pool1").explanation()
        #expect(all.featureMaps == Array(0..<6) && all.activations.shape == [6, 6, 5] && all.layer == "pool1")
        let some = try ActivationsExplainer(
            model: model, input: input, layer: "pool1", featureMaps: .maps([4, 0])
        ).explanation()
        #expect(some.featureMaps == [4, 0])
        #expect(some.activations == Tensor.stacked([all.activations.slice(4), all.activations.slice(0)]))
        let dense = try ActivationsExplainer(model: model, input: input, layer: "fc").explanation()
        #expect(dense.activations.shape == [4, 1, 1])
    }
}
