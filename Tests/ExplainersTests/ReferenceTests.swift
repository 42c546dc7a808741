import Explainers
import Models
import Networks
import Tensors
import TestSupport
import Testing

/// Every case of the reference, to the tolerances of its README.
@Suite struct ReferenceTests {
    private static let probability = Tolerance.absolute(1e-5, reason: "the README of the reference asks for it")
    private static let probabilityDelta = Tolerance.absolute(
        2e-5, reason: "the difference of two probabilities, each within 1e-5")

    /// Tests without arguments would pass.
    @Test func theReferenceIsThere() {
        #expect(ReferenceCase.checks("predict").count == 6)
        #expect(ReferenceCase.checks("project").count == 85)
        #expect(ReferenceCase.checks("occlude").count == 11)
        #expect(ReferenceCase.checks("ablate").count == 6)
    }

    @Test(arguments: ReferenceCase.checks("predict"))
    func predictsAsTheReference(_ check: ReferenceCheck) throws {
        let reference = try ReferenceCase(check.network)
        let classes = reference.model.network.classes
        let found = try PredictionExplainer(model: reference.model, input: reference.input, top: classes).explanation()
        let logits = try check.array("logits").reshaped(to: [classes])
        #expect(difference(found.logits, logits, within: .reference) == nil)
        let probabilities = try check.array("probabilities").reshaped(to: [classes])
        #expect(difference(found.probabilities, probabilities, within: Self.probability) == nil)
        #expect(found.predictions.map(\.classIndex) == logits.values.order())
    }

    @Test(arguments: ReferenceCase.checks("project"))
    func projectsAsTheReference(_ check: ReferenceCheck) throws {
        let reference = try ReferenceCase(check.network)
        let request = try check.request()
        let explainer = try DeconvNetExplainer(
            model: reference.model, input: reference.input, layer: request.layer,
            featureMaps: .maps([try #require(request.featureMap)]), options: request.deconvNetOptions())
        let projection = try #require(try explainer.explanation().projections.first)
        #expect(projection.unit.map { [$0.y, $0.x] } == request.unit)
        let activation = try #require(request.activation)
        #expect(difference(projection.activation, activation, within: .reference) == nil)
        let expected = try check.array("projection")
        if check.network == ReferenceCase.embedded {
            #expect(nearlyAll(projection.values, expected) == nil)
        } else {
            #expect(difference(projection.values, expected, within: .reference) == nil)
        }
        #expect(isZero(projection.values, outside: projection.receptiveField))
        let magnitudes = projection.values.values.map(\.magnitude).filter { $0 != 0 }.sorted(by: >)
        #expect(projection.scale == (magnitudes.isEmpty ? 0 : magnitudes[magnitudes.count / 1000]))
    }

    /// The reference makes its `max` projections, and its only ones of SqueezeNet, from the strongest feature map.
    @Test(
        arguments: ReferenceCase.checks("project").filter { $0.folder.contains("-max-") || $0.network.contains("net1") }
    )
    func theStrongestFeatureMapIsTheReferences(_ check: ReferenceCheck) throws {
        let reference = try ReferenceCase(check.network)
        let request = try check.request()
        let found = try DeconvNetExplainer(
            model: reference.model, input: reference.input, layer: request.layer, options: request.deconvNetOptions()
        ).explanation()
        #expect(found.projections.map(\.featureMap) == [request.featureMap])
    }

    @Test(arguments: ReferenceCase.checks("occlude"))
    func occludesAsTheReference(_ check: ReferenceCheck) throws {
        let reference = try ReferenceCase(check.network)
        let request = try check.request()
        let fill = try #require(request.fill)
        var options = OcclusionOptions(patch: request.patch, stride: request.stride, fill: [fill])
        let probability = try OcclusionExplainer(
            model: reference.model, input: reference.input, options: options
        ).explanation()
        options.of = .logit
        let logit = try OcclusionExplainer(
            model: reference.model, input: reference.input, options: options
        ).explanation()
        #expect(probability.target.classIndex == request.target)
        #expect(probability.topClass.values.map(Float.init) == (try check.array("label")).values)
        #expect(difference(probability.occluded, try check.array("probability"), within: Self.probability) == nil)
        let delta = try check.array("probability_delta")
        #expect(difference(probability.delta, delta, within: Self.probabilityDelta) == nil)
        #expect(difference(logit.occluded, try check.array("logit"), within: .reference) == nil)
        let largest = logit.logits.values.map(\.magnitude).max() ?? 0
        let within = Tolerance.absolute(2e-5 * largest, reason: "the difference of two logits, each within 1e-5")
        #expect(difference(logit.delta, try check.array("logit_delta"), within: within) == nil)
    }

    @Test(arguments: ReferenceCase.checks("ablate"))
    func ablatesAsTheReference(_ check: ReferenceCheck) throws {
        let reference = try ReferenceCase(check.network)
        let options = AblationOptions(layer: try check.request().layer)
        let found = try AblationExplainer(
            model: reference.model, input: reference.input, options: options
        ).explanation()
        let expected = try check.array("logits")
        #expect(difference(found.logits, expected, within: .reference) == nil)
        let target = found.target.classIndex
        let unablated = found.unablatedLogits[target]
        let within = Tolerance.absolute(
            2e-5 * (found.unablatedLogits.values.map(\.magnitude).max() ?? 0),
            reason: "the difference of two logits, each within 1e-5")
        let removed = unablated - (try check.array("logits_all"))[0, target]
        #expect(difference(found.layerRemoved.deltaLogit, removed, within: within) == nil)
        for (index, ablation) in found.ablations.enumerated() {
            #expect(ablation.featureMaps == [index])
            #expect(ablation.topClass == expected.slice(index).values.order().first)
            #expect(difference(ablation.deltaLogit, unablated - expected[index, target], within: within) == nil)
        }
        #expect(found.ranked.map(\.deltaProbability) == found.ablations.map(\.deltaProbability).sorted(by: >))
    }
}

/// Nil if an array is as near to the reference as it can be where windows are nearly tied: 12 of the 270,000 pooling
/// windows of SqueezeNet are within 1e-6 of a tie, where the order of summation decides.
private func nearlyAll(_ found: Tensor, _ expected: Tensor) -> String? {
    guard found.shape == expected.shape else { return "shape \(found.shape), not \(expected.shape)" }
    let pairs = zip(found.values, expected.values).map { (Double($0), Double($1)) }
    let largest = pairs.reduce(0) { max($0, $1.1.magnitude) }
    let off = pairs.filter { abs($0.0 - $0.1) > 1e-5 * largest }.count
    let norm = pairs.reduce(0) { $0 + $1.1 * $1.1 }.squareRoot()
    let distance = pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot() / norm
    let isNear = distance < 1e-3 && Double(off) < 1e-3 * Double(pairs.count)
    return isNear ? nil : "L2 distance \(distance), \(off) of \(pairs.count) values off"
}

extension ReferenceRequest {
    func deconvNetOptions() throws -> DeconvNetOptions {
        DeconvNetOptions(
            overlap: try #require(overlap.flatMap(DeconvNetOptions.Overlap.init)),
            seed: try #require(seed.flatMap(DeconvNetOptions.Seed.init)),
            lrn: try #require(lrn.flatMap(DeconvNetOptions.Normalization.init)))
    }
}

extension [Float] {
    /// Indices by falling value, the lower first on a tie.
    func order() -> [Int] {
        indices.sorted { (self[$0], -$0) > (self[$1], -$1) }
    }
}
