public import Kernels
public import Models
public import Networks
import Tensors

/// The activations of a layer, after its ReLU if it has one: one forward pass.
public struct ActivationsExplainer: Explainer {
    private let model: Model
    private let input: PreparedInput
    let layer: Layer
    let featureMaps: FeatureMapSelection

    /// An explainer of feature maps of a layer, named by any of its names; nil means the model's default layer.
    ///
    /// Throws what is wrong with the layer or the selection.
    public init(
        model: Model, input: PreparedInput, layer: String? = nil, featureMaps: FeatureMapSelection = .all
    ) throws {
        self.model = model
        self.input = input
        self.layer = try model.network.layer(orDefault: layer)
        self.featureMaps = featureMaps
        try featureMaps.validate(in: self.layer)
    }

    /// One pass, and the maps that are kept.
    public var estimate: CostEstimate {
        let result = 4 * featureMaps.count(in: layer) * layer.height * layer.width
        return CostEstimate(
            forwardPasses: 1, multiplyAdds: model.network.multiplyAdds,
            bytes: model.network.workingBytes.saturatingSum(4 * layer.shape.count).saturatingSum(result),
            resultBytes: result)
    }

    /// One shard: there is nothing to cut.
    public func plan() -> [Shard] { [Shard(first: 0, count: 1)] }

    /// What of the pass is there already.
    public func prepare(_ context: KernelContext, passes: any PassSource) -> ForwardTrace? { passes.kept }

    /// The pass.
    public func run(
        _ shard: Shard, from groundwork: ForwardTrace?, _ context: KernelContext
    ) throws -> ActivationsExplanation {
        let kept = Keeping.layers([layer.index])
        let trace =
            try groundwork.map { try ForwardPass.finish($0, keeping: kept, context: context) }
            ?? ForwardPass.run(model.network, input.tensor, keeping: kept, context: context)
        let activation = trace.activation(layer)
        if activation.containsNaN() { throw ExplainersError.notFinite("an activation of '\(layer.name)'") }
        let maps = featureMaps.resolved(in: activation)
        let tensor =
            featureMaps == .all
            ? activation.tensor(image: 0) : Tensor.stacked(maps.map { activation.map(image: 0, channel: $0) })
        return ActivationsExplanation(layer: layer.name, featureMaps: maps, activations: tensor)
    }

    /// The only partial result.
    public func merge(_ partials: [ActivationsExplanation], from groundwork: ForwardTrace?) -> ActivationsExplanation {
        precondition(partials.count == 1, "\(partials.count) results of one pass")
        return partials[0]
    }
}

extension Network {
    /// The layer with that name, or the default one where none is given.
    func layer(orDefault name: String?) throws -> Layer {
        guard let name else { return defaultLayer }
        return try layer(named: name)
    }
}
