public import Kernels
public import Models
import Networks
import Tensors

/// DeconvNet projections: what the units of a layer respond to (Zeiler & Fergus, arXiv:1311.2901, section 2.1).
///
/// From the layer down to the pixels, each layer is undone in turn: values are unpooled to their switches, rectified, and
/// convolved with the transposed filters, without the biases. Nothing rectifies after the last transposed convolution.
public struct DeconvNetExplainer: Explainer {
    let model: Model
    private let input: PreparedInput
    private let featureMaps: FeatureMapSelection
    private let unit: UnitSelection
    let projector: Projector
    private let costs: ProjectionCosts

    /// An explainer of feature maps of a layer, named by any of its names; nil means the model's default layer.
    ///
    /// Throws what is wrong with the options, and where a DeconvNet is not defined for the model.
    public init(
        model: Model, input: PreparedInput, layer: String? = nil, featureMaps: FeatureMapSelection = .strongest,
        unit: UnitSelection = .strongest, options: DeconvNetOptions = DeconvNetOptions()
    ) throws {
        self.model = model
        self.input = input
        self.featureMaps = featureMaps
        self.unit = unit
        projector = Projector(layer: try model.network.layer(orDefault: layer), options: options)
        try featureMaps.validate(in: projector.layer)
        try unit.validate(in: projector.layer)
        try projector.check(in: model.network)
        costs = model.network.costs(ofProjecting: projector.layer)
    }

    /// The layer's activation with what lies below it, and what each projection starts from.
    public struct Groundwork: Sendable {
        let trace: ForwardTrace
        let sources: [ProjectionSource]
    }

    /// Some of the projections.
    public struct Partial: ShardResult {
        let shard: Shard
        let projections: [Projection]
    }

    /// One forward pass, and a backward pass a projection.
    public var estimate: CostEstimate {
        let network = model.network
        let shard = min(projections, shardSize)
        let result = projections.saturatingProduct(4 * network.inputShape.count)
        return CostEstimate(
            forwardPasses: projections + 1,
            multiplyAdds: projections.saturatingProduct(multiplyAdds)
                .saturatingSum(network.multiplyAdds(ofPassUpTo: projector.layer)),
            bytes: network.traceBytes(upTo: projector.layer).saturatingSum(shard.saturatingProduct(bytesPerProjection))
                .saturatingSum(result),
            resultBytes: result)
    }

    /// Shards of projections, in the order of the answer.
    public func plan() -> [Shard] { Shard.plan(items: projections, size: shardSize) }

    /// The pass over the image as far as the layer, with its switches.
    public func prepare(_ context: KernelContext, passes: any PassSource) throws -> Groundwork {
        try prepare(Turns(context), passes: passes)
    }

    /// The pass over the image as far as the layer, some layers in each turn.
    public func prepare(_ turns: Turns, passes: any PassSource) throws -> Groundwork {
        let trace = try passes.trace(model.network, input.tensor, upTo: projector.layer, turns)
        let activation = trace.activation(projector.layer)
        if activation.containsNaN() {
            throw ExplainersError.notFinite("an activation of '\(projector.layer.name)'")
        }
        let sources = featureMaps.resolved(in: activation).map {
            ProjectionSource(featureMap: $0, selection: unit, activation: activation)
        }
        return Groundwork(trace: trace, sources: sources)
    }

    /// The projections of a shard, in one pass.
    public func run(_ shard: Shard, from groundwork: Groundwork, _ context: KernelContext) throws -> Partial {
        let sources = Array(groundwork.sources[shard.items])
        return Partial(
            shard: shard, projections: try projector.project(sources, trace: groundwork.trace, context))
    }

    /// All projections.
    public func merge(_ partials: [Partial], from groundwork: Groundwork) -> DeconvNetExplanation {
        DeconvNetExplanation(
            layer: projector.layer.name, options: projector.options,
            projections: partials.inOrder(items: projections).flatMap(\.projections))
    }

    private var projections: Int { featureMaps.count(in: projector.layer) }

    /// Those of one projection at most.
    private var multiplyAdds: Int {
        unit == .map ? model.network.multiplyAdds(upTo: projector.layer) : costs.multiplyAdds
    }

    /// As many as take 50 ms; those of units hold few of their signals at a time.
    private var shardSize: Int {
        if unit == .map { return Shard.size(workPerItem: multiplyAdds, bytesPerItem: bytesPerProjection) }
        // A multiply-add of a sparse signal takes about twice as long as one of a forward pass.
        return Shard.size(
            workPerItem: costs.likelyMultiplyAdds.saturatingProduct(2),
            bytesPerItem: 4 * model.network.inputShape.count)
    }

    /// A signal before and behind a layer, and of a whole map at the input, where few channels are padded to a block of 16.
    private var bytesPerProjection: Int {
        if unit != .map { return costs.bytes }
        let pixels = model.network.inputShape[1] * model.network.inputShape[2]
        return model.network.workingBytes.saturatingProduct(2).saturatingSum(4 * BlockedMaps.lanes * pixels)
    }
}
