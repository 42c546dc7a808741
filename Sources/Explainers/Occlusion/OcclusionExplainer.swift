import Imaging
public import Kernels
public import Models
import Networks
import Tensors

/// Occlusion sensitivity: the fall of a class while a patch hides one place after another (Zeiler & Fergus,
/// arXiv:1311.2901, section 4.2 and figure 7).
public struct OcclusionExplainer: Explainer {
    /// The positions of the patch.
    public let grid: OcclusionGrid

    let model: Model
    let input: PreparedInput
    let fill: OcclusionFill
    let of: ClassQuantity
    let target: ResolvedTarget
    let projector: Projector
    /// Why the strongest unit cannot be projected, if so.
    let refusal: String?
    /// What following the patch through the network costs at all positions.
    private let costs: ChangeCosts

    /// An explainer with these options.
    ///
    /// Throws what is wrong with them.
    public init(model: Model, input: PreparedInput, options: OcclusionOptions = OcclusionOptions()) throws {
        let network = model.network
        let (height, width) = (network.inputShape[1], network.inputShape[2])
        let patch = options.patch(height: height, width: width)
        grid = try OcclusionGrid(height: height, width: width, patch: patch, stride: options.stride(patch: patch))
        fill = try OcclusionFill(options.fill, model: model, input: input)
        target = try ResolvedTarget(options.target, model: model)
        projector = Projector(layer: try network.layer(orDefault: options.layer), options: options.projection)
        refusal = try Self.refusal(of: projector, in: network)
        costs = network.costs(ofChanging: grid.rowSpans, grid.columnSpans)
        of = options.of
        self.model = model
        self.input = input
    }

    private static func refusal(of projector: Projector, in network: Network) throws(NetworksError) -> String? {
        do throws(NetworksError) {
            try projector.check(in: network)
            return nil
        } catch {
            guard case .activationRefused = error else { throw error }
            return error.description
        }
    }

    /// What the unoccluded image gives.
    public struct Groundwork: Sendable {
        let pass: IncrementalPass
        let outputs: ClassOutputs
        let featureMap: Int
        let activity: Float
        let projection: Projection?
    }

    /// What some positions of the patch give.
    public struct Partial: ShardResult {
        let shard: Shard
        /// The value of the target, or of every class, a position after the other.
        let values: [Float]
        let topClass: [Int32]
        let activity: [Float]
    }

    /// Of each position what the patch reaches, a pass over the unoccluded image, and one back for the projection.
    public var estimate: CostEstimate {
        let network = model.network
        let backward = refusal == nil ? network.costs(ofProjecting: projector.layer).multiplyAdds : 0
        // The maps, and the partial results they are made of; and the projection.
        let values = target == .all ? 4 * network.classes : 4
        let projection = refusal == nil ? 4 * network.inputShape.count : 0
        let result = grid.count.saturatingProduct(2 * values + 8).saturatingSum(projection)
        return CostEstimate(
            forwardPasses: grid.count + (refusal == nil ? 2 : 1),
            multiplyAdds: costs.multiplyAdds.saturatingSum(network.multiplyAdds).saturatingSum(backward),
            bytes: grid.count.saturatingProduct(4 * values + 16).saturatingSum(network.traceBytes)
                .saturatingSum(projection)
                .saturatingSum(min(grid.count, shardSize).saturatingProduct(bytesPerPosition))
                .saturatingSum(min(grid.count, turnSize).saturatingProduct(costs.cropBytes)),
            resultBytes: result)
    }

    /// Shards of positions in row-major order: about as many as the layers computed whole take in 50 ms.
    ///
    /// Their weights are read once a shard, so that more are better; ``ChangeRun`` cuts them into turns.
    public func plan() -> [Shard] { Shard.plan(items: grid.count, size: shardSize) }

    private var shardSize: Int {
        max(turnSize, Shard.size(workPerItem: costs.wholeWork, bytesPerItem: bytesPerPosition))
    }

    /// How many positions are followed through the other layers together: in one turn, or where turns are cut by layers, as
    /// many as gain by it.
    private var turnSize: Int {
        let others = costs.work / grid.count - costs.wholeWork
        let bytes = max(bytesPerPosition, costs.cropBytes)
        return costs.isCutByLayers
            ? Shard.size(workPerItem: max(1, others), bytesPerItem: bytes, work: 5 * Network.turnWork)
            : Shard.size(workPerItem: max(1, others), bytesPerItem: bytes, work: Network.turnWork)
    }

    private var bytesPerPosition: Int { costs.wholeBytes.saturatingSum(8 * model.network.classes) }
}

extension OcclusionExplainer {
    /// The unoccluded pass, which is kept, and the projection of the strongest unit.
    public func prepare(_ context: KernelContext, passes: any PassSource) throws -> Groundwork {
        try prepare(Turns(context), passes: passes)
    }

    /// The unoccluded pass, some layers in each turn, and the projection of the strongest unit.
    public func prepare(_ turns: Turns, passes: any PassSource) throws -> Groundwork {
        let network = model.network
        if refusal == nil {
            let trace = try passes.trace(network, input.tensor, upTo: nil, turns)
            return try turns.take { try groundwork(trace, $0) }
        }
        return try turns.take {
            let kept = Keeping.layers(Set(network.layers.indices))
            return try groundwork(try ForwardPass.run(network, input.tensor, keeping: kept, context: $0), $0)
        }
    }

    private func groundwork(_ trace: ForwardTrace, _ context: KernelContext) throws -> Groundwork {
        let layer = projector.layer
        let activation = trace.activation(layer)
        if activation.containsNaN() { throw ExplainersError.notFinite("an activation of '\(layer.name)'") }
        let map = activation.strongestChannel(image: 0)
        let source = ProjectionSource(featureMap: map, selection: .strongest, activation: activation)
        return Groundwork(
            pass: IncrementalPass(trace, of: input.tensor, context: context), outputs: ClassOutputs(trace),
            featureMap: map, activity: activation.sum(image: 0, channel: map),
            projection: refusal == nil ? try projector.project([source], trace: trace, context).first : nil)
    }

    /// The positions of a shard, on threads that are at hand.
    public func run(_ shard: Shard, from groundwork: Groundwork, _ context: KernelContext) throws -> Partial {
        try run(shard, from: groundwork, Turns(context))
    }

    /// The positions of a shard: some in each turn, and all together in the last ones.
    public func run(_ shard: Shard, from groundwork: Groundwork, _ turns: Turns) throws -> Partial {
        let layer = projector.layer
        var changes = ChangeRun(
            shard.items.map(change), of: groundwork.pass, summing: (layer, groundwork.featureMap),
            buffers: turns.context.buffers)
        for range in Shard.even(changes.count, most: turnSize) {
            try changes.follow(range, threads: turns.threads) { try turns.take($0) }
        }
        for _ in 0..<max(0, changes.tailTurns - 1) { try turns.take { try changes.computeTail($0) } }
        return try partial(shard, try turns.take { try changes.outputs($0) }, groundwork)
    }

    private func partial(
        _ shard: Shard, _ found: IncrementalPass.Outputs, _ groundwork: Groundwork
    ) throws(ExplainersError) -> Partial {
        guard found.sums.allSatisfy(\.isFinite) else {
            throw .notFinite("the activity of '\(projector.layer.name)'")
        }
        let outputs = ClassOutputs(
            logits: found.logits.values, probabilities: found.probabilities.values, classes: model.network.classes)
        let images = 0..<shard.count
        let values: [Float] =
            target == .all
            ? (of == .logit ? outputs.logits : outputs.probabilities)
            : images.map {
                outputs.value($0, class: target.classIndex(unchanged: groundwork.outputs), of: of)
            }
        return Partial(
            shard: shard, values: values, topClass: images.map { Int32(outputs.strongest(image: $0)) },
            activity: found.sums)
    }

    /// The patch at a position, as a change of the network's input.
    private func change(_ position: Int) -> InputChange {
        let patch = grid.rectangle(row: position / grid.columns, column: position % grid.columns)
        return InputChange(
            rectangle: MapRectangle(rows: patch.y0..<patch.y1, columns: patch.x0..<patch.x1), values: fill.networkValues
        )
    }
}
