internal import Concurrency
public import Kernels

/// Images that are one image with some feature maps of a layer set to exactly 0, on their way through the layers behind.
///
/// They go in turns: all together up to the layers that sum over the maps, then a few at a time through the layers behind
/// those, and again many together from the first dense layer on, so that large weights are read once for many images. The
/// numbers are those of whole passes with a ``FeatureMapRemoval``.
public struct RemovalRun: Sendable {
    private enum Turn: Sendable {
        case front
        case between(Range<Int>)
        case tail(Range<Int>)
    }

    private let trace: ForwardTrace
    private let layer: Layer
    private let featureMaps: [[Int]]
    private let plan: RemovalPlan
    private let work: [Turn]
    /// What the layers left read: of layers that were followed, and of those between.
    private var made: [Int: BlockedMaps] = [:]
    private var found: [ForwardTrace] = []

    /// Image 0 of a trace once for each list of feature maps, without these maps of the layer.
    ///
    /// Preconditions: the trace was kept whole; there is a list; the layer has all these maps.
    public init(_ trace: ForwardTrace, removing featureMaps: [[Int]], of layer: Layer) {
        precondition(trace.isWhole, "a pass can only be resumed from a whole trace")
        precondition(!featureMaps.isEmpty, "nothing to compute: no lists of feature maps")
        let network = trace.network
        let costs = network.costs(removingFrom: layer)
        self.trace = trace.image(0)
        self.layer = layer
        self.featureMaps = FeatureMapRemoval(layer: layer, featureMaps: featureMaps).featureMaps
        plan = RemovalPlan(network, removingFrom: layer)
        let parts = { (most: Int) in
            let count = (featureMaps.count + most - 1) / most
            return (0..<count).map { featureMaps.count * $0 / count..<featureMaps.count * ($0 + 1) / count }
        }
        work =
            [.front] + (plan.between.isEmpty ? [] : parts(costs.imagesAtOnce).map { .between($0) })
            + parts(costs.imagesInTail).map { .tail($0) }
    }

    /// How many turns it takes; each is 50 ms of work at most on two fast cores, where a single image is no more.
    public var turns: Int { work.count }

    /// Computes a turn; they come in order.
    ///
    /// Throws `notFinite` where a logit is not finite, and `stopped` when the context's token says so.
    public mutating func compute(_ turn: Int, _ context: KernelContext) throws(NetworksError) {
        switch work[turn] {
        case .front:
            made = try RemovalFront(trace, removing: featureMaps, of: layer, plan, context).whole
            for index in plan.handedOver {
                let layer = trace.network.layers[index]
                made[index] = BlockedMaps(
                    images: featureMaps.count, channels: layer.featureMaps, height: layer.height, width: layer.width,
                    from: context.buffers)
            }
        case .between(let images): try computeBetween(images, context)
        case .tail(let images) where plan.tail.isEmpty:
            // There are only probabilities left to find: each thread takes images of its own.
            let count = images.count
            let split = BatchSplit(images: count, threads: context.team.threads, most: count)
            found += try split.map(context) { [self] (range, context) throws(NetworksError) in
                try computeTail(images.lowerBound + range.lowerBound..<images.lowerBound + range.upperBound, context)
            }
        case .tail(let images): found.append(try computeTail(images, context))
        }
    }

    /// The layers whose weights are large, by all of the context's threads together.
    private func computeTail(_ images: Range<Int>, _ context: KernelContext) throws(NetworksError) -> ForwardTrace {
        var run = LayerRun(trace.network, nil, images: images.count, keeping: .logits, context: context)
        run.resume(trace, with: made.mapValues { $0.view(images: images) })
        for index in plan.tail { try run.compute(index) }
        return try run.finish()
    }

    /// The logits and probabilities of all images, when every turn has been computed.
    public func outputs(_ context: KernelContext) -> ForwardTrace {
        ForwardTrace(joining: found, .logits, context)
    }

    /// The layers between, a few images on each thread at a time.
    private func computeBetween(_ images: Range<Int>, _ context: KernelContext) throws(NetworksError) {
        let network = trace.network
        let split = BatchSplit(images: images.count, threads: context.team.threads, most: network.plan.imagesAtOnce)
        _ = try split.map(context) { (range, context) throws(NetworksError) in
            let these = images.lowerBound + range.lowerBound..<images.lowerBound + range.upperBound
            let own = made.mapValues { $0.view(images: these) }
            var run = LayerRun(
                network, nil, images: range.count, keeping: .layers(Set(plan.handedOver)), context: context)
            run.resume(trace, with: own.filter { !plan.between.contains($0.key) })
            for index in plan.between { try run.compute(index) }
            for index in plan.handedOver {
                if let place = own[index] { Elementwise.copy(run.value(index), into: place, context) }
            }
        }
    }
}
