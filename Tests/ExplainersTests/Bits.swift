import Explainers
import Kernels
import Models
import Networks
import Tensors

/// Every number of an explanation as its bit pattern.
func bits(_ explanation: PredictionExplanation) -> [UInt32] {
    bits(explanation.logits) + bits(explanation.probabilities)
        + explanation.predictions.flatMap { [UInt32($0.classIndex), $0.probability.bitPattern, $0.logit.bitPattern] }
}

func bits(_ explanation: DeconvNetExplanation) -> [UInt32] { explanation.projections.flatMap(bits) }

func bits(_ explanation: OcclusionExplanation) -> [UInt32] {
    bits(explanation.delta) + bits(explanation.occluded) + explanation.topClass.values.map { UInt32($0) }
        + bits(explanation.logits) + bits(explanation.probabilities) + bits(explanation.activity.map)
        + [explanation.activity.unoccluded.bitPattern] + (explanation.activity.projection.map(bits) ?? [])
}

func bits(_ explanation: AblationExplanation) -> [UInt32] {
    bits(explanation.logits) + bits(explanation.deltaLogit) + bits(explanation.deltaProbability)
        + (explanation.ranked + [explanation.layerRemoved]).flatMap {
            $0.featureMaps.map { UInt32($0) } + [$0.deltaLogit.bitPattern, $0.deltaProbability.bitPattern]
        }
}

private func bits(_ projection: Projection) -> [UInt32] {
    [UInt32(projection.featureMap), UInt32(projection.unit?.y ?? 0), UInt32(projection.unit?.x ?? 0)]
        + [projection.activation.bitPattern, projection.scale.bitPattern] + bits(projection.values)
}

private func bits(_ tensor: Tensor) -> [UInt32] { tensor.values.map(\.bitPattern) }

/// The logits of the whole network run once more with feature maps set to zero.
func wholePass(_ reference: ReferenceCase, removing maps: [Int], of layer: Layer) throws -> Tensor {
    try ForwardPass.run(
        reference.model.network, reference.input.tensor,
        removing: [FeatureMapRemoval(layer: layer, featureMaps: [maps])], context: KernelContext()
    ).logits
}
