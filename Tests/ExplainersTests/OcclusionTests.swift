import Explainers
import Imaging
import Kernels
import Models
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct OcclusionTests {
    private let model: Model
    private let input: PreparedInput

    init() throws {
        model = TestModels.model(
            try TinyNetworks.double(height: 12, width: 10), labels: ["ant", "bee", "cat", "dog"])
        input = try model.prepare(randomTensor(shape: [3, 12, 10], seed: 21))
    }

    private func explanation(_ options: OcclusionOptions) throws -> OcclusionExplanation {
        try OcclusionExplainer(model: model, input: input, options: options).explanation()
    }

    /// The input with a rectangle of every channel set to a value of its own.
    private func occluded(rows: Range<Int>, columns: Range<Int>, by fill: [Float]) throws -> PreparedInput {
        var tensor = input.tensor
        for channel in 0..<3 {
            for y in rows { for x in columns { tensor[channel, y, x] = fill[channel] } }
        }
        return try model.prepare(tensor)
    }

    @Test func everyPositionIsAPassOverTheOccludedImage() throws {
        let fill: [Float] = [0.5, -1, 2]
        let found = try explanation(OcclusionOptions(patch: 5, stride: 4, fill: fill, of: .logit))
        for row in 0..<found.grid.rows {
            for column in 0..<found.grid.columns {
                let hidden = found.grid.rectangle(row: row, column: column)
                let input = try occluded(rows: hidden.y0..<hidden.y1, columns: hidden.x0..<hidden.x1, by: fill)
                let plain = try PredictionExplainer(model: model, input: input, top: 1).explanation()
                #expect(found.occluded[row, column] == plain.logits[found.target.classIndex])
                #expect(
                    found.topClass.values[row * found.grid.columns + column] == Int32(plain.predictions[0].classIndex))
                let maps = try ActivationsExplainer(
                    model: model, input: input, featureMaps: .maps([found.activity.featureMap])
                ).explanation()
                let sum = maps.activations.values.reduce(0, +)
                #expect(difference(found.activity.map[row, column], sum, within: .reference) == nil)
            }
        }
    }

    @Test func watchesTheStrongestMapOfTheUnoccludedImage() throws {
        let found = try explanation(OcclusionOptions(stride: 6, layer: "relu1"))
        let strongest = try DeconvNetExplainer(model: model, input: input, layer: "relu1").explanation()
        #expect(found.activity.layer == strongest.layer)
        #expect(found.activity.projection == strongest.projections.first)
        #expect(found.activity.featureMap == strongest.projections[0].featureMap)
        #expect(found.activity.refusal == nil)
    }

    @Test func theProjectionFollowsItsOptions() throws {
        let options = DeconvNetOptions(overlap: .last, seed: .one)
        let found = try explanation(OcclusionOptions(stride: 20, projection: options))
        let plain = try DeconvNetExplainer(model: model, input: input, options: options).explanation()
        #expect(found.activity.projection == plain.projections.first)
    }

    @Test(arguments: ClassQuantity.allCases)
    func deltaIsUnoccludedMinusOccluded(of quantity: ClassQuantity) throws {
        let found = try explanation(OcclusionOptions(patch: 3, of: quantity))
        let unoccluded = quantity == .logit ? found.target.logit : found.target.probability
        #expect(found.delta.values == found.occluded.values.map { unoccluded - $0 })
    }

    @Test func allTargetsAreTheMapsOfEveryTarget() throws {
        let all = try explanation(OcclusionOptions(patch: 4, target: .all))
        #expect(all.coversAllClasses)
        #expect(all.delta.shape == [4, all.grid.rows, all.grid.columns])
        for index in 0..<4 {
            let one = try explanation(OcclusionOptions(patch: 4, target: .index(index)))
            #expect(one.target.classIndex == index)
            #expect(all.delta(of: index) == one.delta)
            #expect(all.occluded(of: index) == one.occluded)
            #expect(one.delta(of: (index + 1) % 4) == nil)
        }
        let top = try PredictionExplainer(model: model, input: input, top: 1).explanation().predictions.first
        #expect(all.target == top)
        #expect(all.delta(of: 4) == nil)
    }

    @Test func aTargetMayBeALabel() throws {
        #expect(try explanation(OcclusionOptions(stride: 20, target: .label("cat"))).target.classIndex == 2)
    }

    @Test func namesTheClassesThatOccur() throws {
        let found = try explanation(OcclusionOptions(patch: 6, stride: 1))
        #expect(found.classes.map { Int32($0.classIndex) } == Set(found.topClass.values).sorted())
        #expect(found.classes.allSatisfy { $0.label == ["ant", "bee", "cat", "dog"][$0.classIndex] })
    }

    @Test func aPatchOverTheWholeImageGivesTheFilledImageEverywhere() throws {
        let found = try explanation(OcclusionOptions(patch: 1000, stride: 3, fill: [1], of: .logit))
        let filled = try occluded(rows: 0..<12, columns: 0..<10, by: [1, 1, 1])
        let plain = try PredictionExplainer(model: model, input: filled, top: 1).explanation()
        let expected = plain.logits[found.target.classIndex]
        #expect(found.occluded.values.allSatisfy { $0 == expected })
        #expect(found.grid.uncovered == 0)
    }

    @Test func aStrideLargerThanTheImageIsOnePosition() throws {
        let found = try explanation(OcclusionOptions(patch: 3, stride: 30))
        #expect(found.delta.shape == [1, 1])
        #expect(found.grid.centersY == [6] && found.grid.centersX == [5])
        #expect(found.grid.uncovered == 120 - 9)
    }

    @Test func aFillThatIsTheImageChangesNothing() throws {
        let model = TestModels.model(try TinyNetworks.double(height: 12, width: 10))
        let flat = try model.prepare(Tensor(shape: [3, 12, 10], repeating: 0.25))
        let found = try OcclusionExplainer(
            model: model, input: flat, options: OcclusionOptions(patch: 4, fill: [0.25])
        ).explanation()
        #expect(found.delta.values.allSatisfy { $0 == 0 })
        #expect(found.activity.map.values.allSatisfy { $0 == found.activity.unoccluded })
    }

    @Test func anArrayIsFilledInNetworkUnits() throws {
        #expect(
            try explanation(OcclusionOptions(stride: 20)).fill
                == OcclusionFill(units: .network, values: [0], networkValues: [0, 0, 0]))
        #expect(
            try explanation(OcclusionOptions(stride: 20, fill: [1, 2, 3])).fill
                == OcclusionFill(units: .network, values: [1, 2, 3], networkValues: [1, 2, 3]))
    }

    @Test(arguments: [
        (Preprocessing.Color.rgb, [Float](), [Float(128)], [Float(11.8), 11.6, 11.4]),
        (.rgb, [10, 20, 30], [10, 20, 30], [0, 0.8, 1.6]), (.bgr, [10, 20, 30], [10, 20, 30], [2, 0.8, -0.4]),
        (.gray, [], [128], [11.8]),
    ])
    func aPictureIsFilledWithAColourPreprocessed(
        color: Preprocessing.Color, asked: [Float], stated: [Float], expected: [Float]
    ) throws {
        let mean: [Float] = color == .gray ? [10] : [10, 12, 14]
        let preprocessing = Preprocessing(
            resize: nil, crop: nil, color: color, scale: 1, mean: mean, standardDeviation: mean.map { _ in 10 })
        let model = TestModels.model(
            try TinyNetworks.single(channels: mean.count, height: 6, width: 6), preprocessing: preprocessing)
        let picture = Image(width: 6, height: 6, color: (1, 2, 3))
        let found = try OcclusionExplainer(
            model: model, input: model.prepare(picture),
            options: OcclusionOptions(fill: asked.isEmpty ? nil : asked)
        ).explanation()
        #expect(found.fill.units == .pixel && found.fill.values == stated)
        #expect(difference(found.fill.networkValues, expected, within: .rounding(ulps: 2)) == nil)
    }

    @Test func threeNumbersDoNotFillAGrayInput() throws {
        let preprocessing = Preprocessing(resize: nil, crop: nil, color: .gray, mean: [0], standardDeviation: [1])
        let model = TestModels.model(
            try TinyNetworks.single(channels: 1, height: 6, width: 6), preprocessing: preprocessing)
        let input = try model.prepare(Image(width: 6, height: 6, color: (1, 2, 3)))
        #expect(throws: ExplainersError.fillCount(3, channels: 1)) {
            try OcclusionExplainer(model: model, input: input, options: OcclusionOptions(fill: [1, 2, 3]))
        }
    }

    @Test func withoutADeconvNetThereIsNoProjectionButAllTheRest() throws {
        let model = TestModels.model(try TinyNetworks.single(height: 6, width: 6, activation: .tanh))
        let input = try model.prepare(randomTensor(shape: [3, 6, 6], seed: 5))
        var options = OcclusionOptions(patch: 2)
        let found = try OcclusionExplainer(model: model, input: input, options: options).explanation()
        #expect(found.activity.projection == nil)
        #expect(found.activity.refusal?.contains("tanh") == true)
        #expect(found.activity.map.shape == found.delta.shape)
        options.projection.activations = .gradient
        let gradient = try OcclusionExplainer(model: model, input: input, options: options).explanation()
        #expect(gradient.activity.projection != nil && gradient.activity.refusal == nil)
    }

    @Test func anActivityTooLargeForANumberIsAnError() throws {
        let model = TestModels.model(try TinyNetworks.scaling(height: 1, width: 4, weight: 1, dense: 1e-38))
        let input = try model.prepare(Tensor(shape: [1, 1, 4], repeating: 3e38))
        #expect(throws: ExplainersError.notFinite("the activity of 'relu'")) {
            try OcclusionExplainer(model: model, input: input, options: OcclusionOptions(layer: "relu")).explanation()
        }
    }

    @Test func estimatesCountEveryPosition() throws {
        let explainer = try OcclusionExplainer(model: model, input: input, options: OcclusionOptions(stride: 1))
        #expect(explainer.estimate.forwardPasses == 12 * 10 + 2)
        let all = try OcclusionExplainer(
            model: model, input: input, options: OcclusionOptions(stride: 1, target: .all))
        #expect(all.estimate.bytes > explainer.estimate.bytes)
    }
}
