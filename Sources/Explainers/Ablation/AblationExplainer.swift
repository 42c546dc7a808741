public import Kernels
public import Models
import Networks
import Tensors

/// Ablation: what the answer loses when feature maps are set to exactly 0 after their ReLU.
///
/// The paper's table 3 removes layers and retrains; removing at inference is an extension. The pass up to the
/// layer is the same for every removal and is made once; behind it the next convolution or dense layer costs a block of
/// channels, and a map that is 0 everywhere costs nothing. The numbers have the bits of whole passes.
public struct AblationExplainer: Explainer {
    let model: Model
    private let input: PreparedInput
    private let layer: Layer
    private let removals: RemovalSelection
    private let target: ResolvedTarget
    private let costs: AblationCosts

    /// An explainer with these options.
    ///
    /// Throws what is wrong with them.
    public init(model: Model, input: PreparedInput, options: AblationOptions = AblationOptions()) throws {
        self.model = model
        self.input = input
        layer = try model.network.layer(orDefault: options.layer)
        removals = options.removals
        try removals.validate(in: layer)
        target = try ResolvedTarget(options.target, model: model)
        costs = AblationCosts(model.network, layer, removals)
    }

    /// The pass through the whole network, and what is removed.
    public struct Groundwork: Sendable {
        let trace: ForwardTrace
        let outputs: ClassOutputs
        /// The groups in the order of the arrays; last the whole layer.
        let groups: [[Int]]
        /// Which of them have a value that is not 0: removing the others changes nothing.
        let isHeard: [Bool]
    }

    /// What some of the removals give.
    public struct Partial: ShardResult {
        let shard: Shard
        /// Logits, then probabilities, [removals × classes].
        let logits: [Float]
        let probabilities: [Float]
    }

    /// One whole pass, and one from the layer on for each removal.
    public var estimate: CostEstimate { costs.estimate }

    /// Shards of removals; the whole layer comes last.
    ///
    /// A shard takes several turns: what is computed once for all of its removals, and large weights, are read once a
    /// shard.
    public func plan() -> [Shard] { costs.plan() }

    /// The pass through the whole network.
    public func prepare(_ context: KernelContext, passes: any PassSource) throws -> Groundwork {
        try prepare(Turns(context), passes: passes)
    }

    /// The pass through the whole network, some layers in each turn.
    public func prepare(_ turns: Turns, passes: any PassSource) throws -> Groundwork {
        let trace = try passes.trace(model.network, input.tensor, upTo: nil, turns)
        let activation = trace.activation(layer)
        if activation.containsNaN() { throw ExplainersError.notFinite("an activation of '\(layer.name)'") }
        let isSilent = activation.silentChannels(image: 0)
        let groups = groups(in: activation) + [Array(0..<layer.featureMaps)]
        return Groundwork(
            trace: trace, outputs: ClassOutputs(trace), groups: groups,
            isHeard: groups.map { $0.contains { !isSilent[$0] } })
    }

    /// The removals of a shard, on threads that are at hand.
    public func run(_ shard: Shard, from groundwork: Groundwork, _ context: KernelContext) throws -> Partial {
        try run(shard, from: groundwork, Turns(context))
    }

    /// The removals of a shard, together from the layer on.
    public func run(_ shard: Shard, from groundwork: Groundwork, _ turns: Turns) throws -> Partial {
        let heard = shard.items.filter { groundwork.isHeard[$0] }
        var made: ClassOutputs?
        if !heard.isEmpty {
            var run = RemovalRun(groundwork.trace, removing: heard.map { groundwork.groups[$0] }, of: layer)
            for turn in 0..<run.turns { try turns.take { try run.compute(turn, $0) } }
            made = ClassOutputs(run.outputs(turns.context))
        }
        var (logits, probabilities) = ([Float](), [Float]())
        var next = 0
        for item in shard.items {
            let isHeard = groundwork.isHeard[item]
            let (outputs, row) = isHeard ? (made ?? groundwork.outputs, next) : (groundwork.outputs, 0)
            logits += outputs.row(row, of: .logit)
            probabilities += outputs.row(row, of: .probability)
            if isHeard { next += 1 }
        }
        return Partial(shard: shard, logits: logits, probabilities: probabilities)
    }

    /// The deltas of all removals, and their ranking.
    public func merge(_ partials: [Partial], from groundwork: Groundwork) -> AblationExplanation {
        let partials = partials.inOrder(items: costs.items)
        let table = AblationTable(
            model: model, unablated: groundwork.outputs, groups: groundwork.groups,
            target: target.classIndex(unchanged: groundwork.outputs),
            ablated: ClassOutputs(
                logits: partials.flatMap(\.logits), probabilities: partials.flatMap(\.probabilities),
                classes: model.network.classes))
        return table.explanation(layer: layer.name, coversAllClasses: target == .all)
    }

    private func groups(in activation: BlockedMaps) -> [[Int]] {
        if case .groups(let groups) = removals { return groups }
        return removals.featureMaps?.resolved(in: activation).sorted().map { [$0] } ?? []
    }
}
