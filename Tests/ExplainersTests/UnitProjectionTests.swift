import Kernels
import Models
import Networks
import Tensors
import Testing

/// Projections of units have the bits of plain backward passes through whole maps, for the reference networks.
@Suite struct UnitProjectionTests {
    /// The DeconvNet's rules.
    private struct Rules: SignalRules {
        let overlap: OverlapRule
        let normalization: NormalizationRule
        func rule(at activation: Activation) -> ActivationRule { activation.isRectifier ? .rectify : .derivative }
    }

    @Test(arguments: ReferenceCase.small, OverlapRule.allCases)
    func unitsOfEveryLayerHaveTheBitsOfPlainPasses(_ name: String, _ overlap: OverlapRule) throws {
        let reference = try ReferenceCase(name)
        let context = KernelContext()
        let trace = try ForwardPass.run(
            reference.model.network, reference.input.tensor, keeping: .trace, context: context)
        for layer in reference.model.network.layers {
            for normalization in NormalizationRule.allCases {
                try compare(layer, trace, Rules(overlap: overlap, normalization: normalization), context)
            }
        }
    }

    @Test(arguments: ["fire9", "fire5", "pool5", "fire2", "conv10"])
    func soDoThoseOfTheEmbeddedModel(_ name: String) throws {
        let reference = try ReferenceCase(ReferenceCase.embedded)
        let context = KernelContext()
        let trace = try ForwardPass.run(
            reference.model.network, reference.input.tensor, keeping: .trace, context: context)
        let layer = try reference.model.network.layer(named: name)
        for overlap in OverlapRule.allCases {
            try compare(layer, trace, Rules(overlap: overlap, normalization: .identity), context)
        }
    }

    /// Compares the strongest unit of the strongest map with its neighbours in the corners and another map's unit.
    private func compare(
        _ layer: Layer, _ trace: ForwardTrace, _ rules: some SignalRules, _ context: KernelContext
    ) throws {
        let activation = trace.activation(layer)
        let map = activation.strongestChannel(image: 0)
        let strongest = activation.maximum(image: 0, channel: map)
        let units = [
            UnitSeed(featureMap: map, y: strongest.y, x: strongest.x, value: strongest.value),
            UnitSeed(featureMap: map, y: 0, x: layer.width - 1, value: 1),
            UnitSeed(featureMap: layer.featureMaps - 1, y: layer.height - 1, x: 0, value: -1),
        ]
        let seeds = units.map {
            BlockedMaps.unit(
                channels: layer.featureMaps, height: layer.height, width: layer.width, channel: $0.featureMap, y: $0.y,
                x: $0.x, value: $0.value)
        }
        let plain = try BackwardPass.project(
            from: layer, seed: BlockedMaps.stacked(seeds), trace: trace, rules: rules, context: context)
        let found = try BackwardPass.project(
            from: layer, units: units, trace: trace, rules: rules, context: context)
        for (index, signal) in found.enumerated() {
            #expect(signal.values.isIdentical(to: plain.slice(index)), "unit \(index) of '\(layer.name)'")
        }
    }
}
