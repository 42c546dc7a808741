public import Kernels
public import Models
public import Networks
import Tensors

/// The classes of an image: one forward pass.
public struct PredictionExplainer: Explainer {
    let model: Model
    private let input: PreparedInput
    private let top: Int

    /// An explainer that lists the `top` most probable classes.
    ///
    /// Throws ``ExplainersError/top(_:allowed:of:)`` where the model has fewer, or none is asked for.
    public init(model: Model, input: PreparedInput, top: Int = 5) throws {
        guard (1...model.network.classes).contains(top) else {
            throw ExplainersError.top(top, allowed: model.network.classes, of: "classes")
        }
        self.model = model
        self.input = input
        self.top = top
    }

    /// One pass.
    public var estimate: CostEstimate {
        CostEstimate(
            forwardPasses: 1, multiplyAdds: model.network.multiplyAdds, bytes: model.network.workingBytes,
            resultBytes: 4 * max(model.network.classes, model.network.inputShape.count))
    }

    /// One shard: there is nothing to cut.
    public func plan() -> [Shard] { [Shard(first: 0, count: 1)] }

    /// What of the pass is there already.
    public func prepare(_ context: KernelContext, passes: any PassSource) -> ForwardTrace? { passes.kept }

    /// The pass.
    public func run(
        _ shard: Shard, from groundwork: ForwardTrace?, _ context: KernelContext
    ) throws -> PredictionExplanation {
        let trace =
            try groundwork.map { try ForwardPass.finish($0, context: context) }
            ?? ForwardPass.run(model.network, input.tensor, context: context)
        return explanation(of: ClassOutputs(trace))
    }

    /// The explanation that tells of these outputs.
    func explanation(of outputs: ClassOutputs) -> PredictionExplanation {
        let order = outputs.row(0, of: .logit).indicesDescending()
        return PredictionExplanation(
            predictions: order.prefix(top).map { outputs.prediction(of: $0, model: model) },
            logits: outputs.tensor(of: .logit), probabilities: outputs.tensor(of: .probability))
    }

    /// The only partial result.
    public func merge(_ partials: [PredictionExplanation], from groundwork: ForwardTrace?) -> PredictionExplanation {
        precondition(partials.count == 1, "\(partials.count) results of one pass")
        return partials[0]
    }
}
