public import Kernels
public import Models
import Networks
import Tensors

/// The nine images of a set that excite each feature map of a layer most, one position an image, with the projections of
/// these units (Zeiler & Fergus, section 4.1 and figure 2).
///
/// Every image has a pass of its own, of which one number and one position a map are kept. The projections are made when
/// all images have been looked at, of the maps that are asked for; a map that no image excites has no images.
public struct TopImagesExplainer: Explainer {
    let model: Model
    private let images: any ImageSet
    private let featureMaps: FeatureMapSelection
    let projector: Projector
    private let costs: ProjectionCosts

    /// An explainer of feature maps of a layer over these images.
    ///
    /// Which maps are the strongest is decided by their largest activation in any image. Throws what is wrong with the
    /// options, and where a DeconvNet is not defined for the model.
    public init(
        model: Model, images: any ImageSet, layer: String? = nil, featureMaps: FeatureMapSelection = .strongest,
        options: DeconvNetOptions = DeconvNetOptions()
    ) throws {
        self.model = model
        self.images = images
        self.featureMaps = featureMaps
        projector = Projector(layer: try model.network.layer(orDefault: layer), options: options)
        try featureMaps.validate(in: projector.layer)
        try projector.check(in: model.network)
        guard images.count > 0 else { throw ExplainersError.noImages }
        costs = model.network.costs(ofProjecting: projector.layer)
    }

    /// Nothing: each image has a pass of its own.
    public struct Groundwork: Sendable {}

    /// What some of the images do to every feature map; no maps where the images are not looked at yet.
    public struct Partial: ShardResult {
        let shard: Shard
        let best: [[Excitation]]
    }

    /// A pass for each image, then a pass and a projection for each image of the maps asked for.
    public var estimate: CostEstimate {
        let network = model.network
        let projections = featureMaps.count(in: projector.layer).saturatingProduct(mostImages)
        let again = costs.multiplyAdds.saturatingSum(network.multiplyAdds)
        let values = 4 * network.inputShape.count
        let kept = projector.layer.featureMaps * mostImages * MemoryLayout<Excitation>.stride
        return CostEstimate(
            forwardPasses: images.count.saturatingSum(projections.saturatingProduct(2)),
            multiplyAdds: images.count.saturatingProduct(network.multiplyAdds)
                .saturatingSum(projections.saturatingProduct(again)),
            // An input beside each projection, and its picture.
            bytes: network.traceBytes.saturatingSum(costs.bytes)
                .saturatingSum(projections.saturatingProduct(3 * values))
                .saturatingSum(plan().count.saturatingProduct(kept)),
            resultBytes: projections.saturatingProduct(values))
    }

    /// Shards of images.
    public func plan() -> [Shard] {
        Shard.plan(images: images.count, multiplyAddsOfEach: model.network.multiplyAdds)
    }

    /// Nothing to do.
    public func prepare(_ context: KernelContext, passes: any PassSource) -> Groundwork { Groundwork() }

    /// The images of a shard, on threads that are at hand.
    public func run(_ shard: Shard, from groundwork: Groundwork, _ context: KernelContext) throws -> Partial {
        try run(shard, from: groundwork, Turns(context))
    }

    /// The images of a shard, one after the other, each in as many turns as its pass takes.
    public func run(_ shard: Shard, from groundwork: Groundwork, _ turns: Turns) throws -> Partial {
        var best = [[Excitation]](repeating: [], count: projector.layer.featureMaps)
        for image in shard.items {
            let input = try images.input(image)
            let activation = try FreshPasses().trace(model.network, input.tensor, upTo: projector.layer, turns)
                .activation(projector.layer)
            if activation.containsNaN() {
                throw ExplainersError.notFinite("an activation of '\(projector.layer.name)'")
            }
            for map in best.indices {
                let strongest = activation.maximum(image: 0, channel: map)
                guard strongest.value > 0 else { continue }
                let unit = UnitPosition(y: strongest.y, x: strongest.x)
                best[map] = best[map].joined(
                    with: [Excitation(image: image, unit: unit, activation: strongest.value)])
            }
        }
        return Partial(shard: shard, best: best)
    }

    /// The maps with their projections, computed on the calling thread.
    public func merge(_ partials: [Partial], from groundwork: Groundwork) throws -> TopImagesExplanation {
        try merge(partials, from: groundwork, Turns(KernelContext()))
    }

    /// The maps with their projections: some turns for each image's pass, and one for each four of its units, or fewer of a
    /// large network.
    public func merge(
        _ partials: [Partial], from groundwork: Groundwork, _ turns: Turns
    ) throws -> TopImagesExplanation {
        let partials = partials.inOrder(items: images.count)
        var best = [[Excitation]](repeating: [], count: projector.layer.featureMaps)
        for partial in partials {
            for (map, excitations) in partial.best.enumerated() { best[map] = best[map].joined(with: excitations) }
        }
        let maps = featureMaps.resolved(byStrength: best.map { $0.first?.activation ?? 0 })
        var exciters: [Place: Exciter] = [:]
        let wanted = maps.flatMap { map in best[map].map { Place(map: map, image: $0.image) } }
        for (image, places) in Dictionary(grouping: wanted, by: \.image).sorted(by: { $0.key < $1.key }) {
            let input = try images.input(image)
            let trace = try FreshPasses().trace(model.network, input.tensor, upTo: projector.layer, turns)
            let activation = trace.activation(projector.layer)
            for part in Shard.plan(items: places.count, size: unitsOfATurn) {
                let own = places[part.items]
                let sources = own.map {
                    ProjectionSource(featureMap: $0.map, selection: .strongest, activation: activation)
                }
                let projections = try turns.take { try projector.project(sources, trace: trace, $0) }
                for (place, projection) in zip(own, projections) {
                    exciters[place] = Exciter(
                        image: image, projection: projection, frame: input.frame, input: input.tensor)
                }
            }
        }
        return TopImagesExplanation(
            layer: projector.layer.name,
            images: partials.reduce(0) { $0 + ($1.best.isEmpty ? 0 : $1.shard.count) }, options: projector.options,
            maps: maps.map { map in
                TopImages(
                    featureMap: map, exciters: best[map].compactMap { exciters[Place(map: map, image: $0.image)] })
            })
    }

    private struct Place: Hashable {
        let map: Int
        let image: Int
    }

    private var unitsOfATurn: Int {
        min(
            4,
            Shard.size(
                workPerItem: costs.likelyMultiplyAdds.saturatingProduct(2),
                bytesPerItem: 4 * model.network.inputShape.count))
    }

    private var mostImages: Int { [Excitation].mostImages }
}

extension FeatureMapSelection {
    /// The feature maps it means, given how strong each is.
    func resolved(byStrength values: [Float]) -> [Int] {
        switch self {
        case .strongest: [values.indexOfMaximum()]
        case .top(let count): Array(values.indicesDescending().prefix(count))
        case .all: Array(values.indices)
        case .maps(let maps): maps
        }
    }
}
