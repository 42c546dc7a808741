import Explainers
import Imaging
import Kernels
import Models
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct DeconvNetTests {
    private let model: Model
    private let input: PreparedInput

    init() throws {
        model = TestModels.model(try TinyNetworks.double(height: 12, width: 10))
        input = try model.prepare(randomTensor(shape: [3, 12, 10], seed: 21))
    }

    private func projections(
        layer: String? = nil, _ featureMaps: FeatureMapSelection, unit: UnitSelection = .strongest,
        options: DeconvNetOptions = DeconvNetOptions()
    ) throws -> [Projection] {
        try DeconvNetExplainer(
            model: model, input: input, layer: layer, featureMaps: featureMaps, unit: unit, options: options
        ).explanation().projections
    }

    @Test func listsKeepTheirOrder() throws {
        #expect(try projections(.maps([7, 2, 9])).map(\.featureMap) == [7, 2, 9])
        #expect(try projections(.all).map(\.featureMap) == Array(0..<18))
    }

    @Test func theTopAreStrongestFirst() throws {
        let all = try projections(.all)
        let top = try projections(.top(5))
        let byStrength = all.sorted { ($0.activation, -$0.featureMap) > ($1.activation, -$1.featureMap) }
        #expect(top == Array(byStrength.prefix(5)))
        #expect(try projections(.strongest) == Array(top.prefix(1)))
    }

    @Test func tiesGoToTheLowerMapAndTheFirstPosition() throws {
        let network = try TinyNetworks.scaling(height: 2, width: 3, weight: 1, dense: 0.5)
        let model = TestModels.model(network)
        let found = try DeconvNetExplainer(
            model: model, input: model.prepare(Tensor(shape: [1, 2, 3], repeating: 2)), layer: "relu"
        ).explanation()
        #expect(found.projections.map(\.unit) == [UnitPosition(y: 0, x: 0)])
        let dense = try DeconvNetExplainer(
            model: model, input: model.prepare(Tensor(shape: [1, 2, 3], repeating: 2)), layer: "fc"
        ).explanation()
        #expect(dense.projections.map(\.featureMap) == [0])
    }

    @Test func aChosenUnitIsProjected() throws {
        let unit = UnitPosition(y: 4, x: 1)
        let found = try #require(try projections(layer: "relu2", .maps([3]), unit: .position(unit)).first)
        #expect(found.unit == unit)
        #expect(found.receptiveField == PixelRectangle(y0: 5, x0: 0, y1: 12, x1: 7))
        #expect(isZero(found.values, outside: found.receptiveField))
    }

    @Test func aUnitThatIsSilentHasAnEmptyProjection() throws {
        let network = try TinyNetworks.scaling(height: 1, width: 2, weight: 1, dense: 1)
        let model = TestModels.model(network)
        let found = try DeconvNetExplainer(
            model: model, input: model.prepare(Tensor(shape: [1, 1, 2], values: [3, -1])), layer: "relu",
            unit: .position(UnitPosition(y: 0, x: 1))
        ).explanation().projections[0]
        #expect(found.activation == 0 && found.scale == 0)
        #expect(found.values == Tensor(shape: [1, 1, 2]))
    }

    /// Through one convolution the projection is linear in activations that are not negative.
    @Test(arguments: DeconvNetOptions.Seed.allCases)
    func aWholeMapIsTheSumOfItsUnitsThroughOneConvolution(seed: DeconvNetOptions.Seed) throws {
        let options = DeconvNetOptions(seed: seed)
        let whole = try #require(try projections(layer: "relu1", .maps([4]), unit: .map, options: options).first)
        #expect(whole.unit == nil)
        #expect(whole.receptiveField == PixelRectangle(y0: 0, x0: 0, y1: 12, x1: 10))
        var sum = [Float](repeating: 0, count: whole.values.count)
        for y in 0..<12 {
            for x in 0..<10 {
                let unit = UnitSelection.position(UnitPosition(y: y, x: x))
                let part = try projections(layer: "relu1", .maps([4]), unit: unit, options: options)[0]
                sum = zip(sum, part.values.values).map { $0 + $1 }
            }
        }
        #expect(difference(whole.values.values, sum, within: .reference) == nil)
    }

    @Test func aWholeMapStatesItsLargestActivation() throws {
        let whole = try #require(try projections(.maps([4]), unit: .map).first)
        #expect(whole.activation == (try projections(.maps([4])))[0].activation)
    }

    @Test func denseLayersHaveNoUnitAndSeeTheWholeInput() throws {
        for unit in [UnitSelection.strongest, .map] {
            let found = try #require(try projections(layer: "fc", .maps([2]), unit: unit).first)
            #expect(found.unit == nil)
            #expect(found.receptiveField == PixelRectangle(y0: 0, x0: 0, y1: 12, x1: 10))
            let plain = try PredictionExplainer(model: model, input: input, top: 1).explanation()
            #expect(found.activation == plain.logits[2])
        }
    }

    @Test func aSeedOfOneScalesTheProjection() throws {
        let own = try #require(try projections(.strongest).first)
        let one = try #require(try projections(.strongest, options: DeconvNetOptions(seed: .one)).first)
        let scaled = one.values.values.map { $0 * own.activation }
        #expect(difference(scaled, own.values.values, within: .reference) == nil)
    }

    @Test func activationsWithoutADeconvNetAreRefusedByName() throws {
        let model = TestModels.model(try TinyNetworks.single(height: 6, width: 6, activation: .silu))
        let input = try model.prepare(randomTensor(shape: [3, 6, 6], seed: 5))
        #expect {
            try DeconvNetExplainer(model: model, input: input)
        } throws: { error in
            guard case NetworksError.activationRefused(let layer, _) = error else { return false }
            return layer == model.network.defaultLayer.name
        }
        let gradient = DeconvNetOptions(activations: .gradient)
        #expect(
            try DeconvNetExplainer(model: model, input: input, options: gradient).explanation().projections[0].scale > 0
        )
    }

    @Test func overflowIsAnError() throws {
        // The activation is 1e30, the logit 1, the projection 1e50.
        let model = TestModels.model(try TinyNetworks.scaling(height: 1, width: 1, weight: 1e20, dense: 1e-30))
        let input = try model.prepare(Tensor(shape: [1, 1, 1], repeating: 1e10))
        #expect(throws: ExplainersError.notFinite("the projection of feature map 0 of 'relu'")) {
            try DeconvNetExplainer(model: model, input: input, layer: "relu").explanation()
        }
    }

    @Test func onlyWhatLiesBelowTheLayerIsComputed() throws {
        // The activation is 1e10, the logit would be infinite.
        let model = TestModels.model(try TinyNetworks.scaling(height: 1, width: 1, weight: 1, dense: 1e38))
        let input = try model.prepare(Tensor(shape: [1, 1, 1], repeating: 1e10))
        #expect(throws: NetworksError.self) {
            try PredictionExplainer(model: model, input: input, top: 1).explanation()
        }
        let found = try DeconvNetExplainer(model: model, input: input, layer: "relu").explanation()
        #expect(found.projections[0].activation == 1e10 && found.projections[0].values[0, 0, 0] == 1e10)
    }

    @Test func estimatesCountEveryProjection() throws {
        let one = try DeconvNetExplainer(model: model, input: input).estimate
        let all = try DeconvNetExplainer(model: model, input: input, featureMaps: .all).estimate
        #expect(one.forwardPasses == 2 && all.forwardPasses == 19)
        #expect(all.multiplyAdds > one.multiplyAdds && all.bytes > one.bytes)
    }
}
