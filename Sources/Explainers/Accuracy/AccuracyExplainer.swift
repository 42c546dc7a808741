public import Kernels
public import Models
import Networks

/// Ablation on a labelled set: what the network's accuracy loses when feature maps are set to exactly 0 after their ReLU.
///
/// Each image is explained by an ``AblationExplainer``, whose numbers have the bits of whole passes; what is kept of it
/// is which class comes first, and whether a right one is first or among five. These are counted, so the order in which
/// images are done, and by whom, changes nothing.
public struct AccuracyExplainer: Explainer {
    let model: Model
    private let images: any LabelledImages
    private let options: AblationOptions
    private let layer: Layer
    private let costs: AblationCosts

    /// An explainer with these options about these images; the images' own classes are the targets.
    ///
    /// Throws what is wrong with the options: a selection of maps that follows from one image is of no use here.
    public init(model: Model, images: any LabelledImages, options: AblationOptions = AblationOptions()) throws {
        self.model = model
        self.images = images
        self.options = options
        layer = try model.network.layer(orDefault: options.layer)
        switch options.removals {
        case .strongest, .top: throw ExplainersError.selectionOfOneImage
        case .each, .groups: try options.removals.validate(in: layer)
        }
        guard options.target == .strongest else { throw ExplainersError.targetOfLabelledSet }
        guard images.count > 0 else { throw ExplainersError.noImages }
        costs = AblationCosts(model.network, layer, options.removals)
    }

    /// Nothing: each image has a pass of its own.
    public struct Groundwork: Sendable {}

    /// The outcomes of some of the images, each image's together: of the whole network, then without each group of maps,
    /// then without the layer; none where the images are not done yet.
    public struct Partial: ShardResult {
        let shard: Shard
        let outcomes: [ImageOutcome]
    }

    /// What the ablation of one image costs, for each.
    public var estimate: CostEstimate {
        let one = costs.estimate
        return CostEstimate(
            forwardPasses: images.count.saturatingProduct(one.forwardPasses),
            multiplyAdds: images.count.saturatingProduct(one.multiplyAdds),
            // Each outcome is there twice where a job is answered: as it was kept, and as it is counted.
            bytes: one.bytes.saturatingSum(
                images.count.saturatingProduct(2 * outcomesPerImage * MemoryLayout<ImageOutcome>.stride)),
            resultBytes: 2 * MemoryLayout<Float>.size * costs.items)
    }

    /// Shards of images.
    public func plan() -> [Shard] {
        Shard.plan(images: images.count, multiplyAddsOfEach: costs.estimate.multiplyAdds)
    }

    /// Nothing to do.
    public func prepare(_ context: KernelContext, passes: any PassSource) -> Groundwork { Groundwork() }

    /// The images of a shard, on threads that are at hand.
    public func run(_ shard: Shard, from groundwork: Groundwork, _ context: KernelContext) throws -> Partial {
        try run(shard, from: groundwork, Turns(context))
    }

    /// The images of a shard, one after the other.
    public func run(_ shard: Shard, from groundwork: Groundwork, _ turns: Turns) throws -> Partial {
        Partial(shard: shard, outcomes: try shard.items.flatMap { try outcomes(of: $0, turns) })
    }

    /// The counts over all images that are done.
    public func merge(_ partials: [Partial], from groundwork: Groundwork) -> AccuracyExplanation {
        let done = partials.inOrder(items: images.count).flatMap { partial in
            stride(from: 0, to: partial.outcomes.count, by: outcomesPerImage).enumerated().map { index, first in
                AccuracyTable.Row(
                    image: partial.shard.first + index, outcomes: partial.outcomes[first..<first + outcomesPerImage])
            }
        }
        return AccuracyTable(rows: done, groups: groups).explanation(layer: layer.name)
    }

    /// The removals, and the whole layer.
    private var groups: [[Int]] {
        let maps = Array(0..<layer.featureMaps)
        if case .groups(let groups) = options.removals { return groups + [maps] }
        return maps.map { [$0] } + [maps]
    }

    /// Of the whole network, and of each removal.
    var outcomesPerImage: Int { costs.items + 1 }

    private func outcomes(of image: Int, _ turns: Turns) throws -> [ImageOutcome] {
        let ablation = try AblationExplainer(model: model, input: try images.input(image), options: options)
        let groundwork = try ablation.prepare(turns, passes: FreshPasses())
        let right = images.classes(of: image)
        var outcomes = [ImageOutcome(groundwork.outputs, image: 0, right: right)]
        for shard in ablation.plan() {
            let partial = try ablation.run(shard, from: groundwork, turns)
            let outputs = ClassOutputs(
                logits: partial.logits, probabilities: partial.probabilities, classes: model.network.classes)
            outcomes += (0..<shard.count).map { ImageOutcome(outputs, image: $0, right: right) }
        }
        return outcomes
    }
}
