internal import Kernels

/// What it costs to follow the removal of a layer's feature maps, for one image without some of them.
public struct RemovalCosts: Hashable, Sendable {
    /// Multiplications with an addition: layers that sum over the maps compute one block of 16 of them again, in tiles one
    /// chain of 64, those behind are computed whole.
    public let multiplyAdds: Int
    /// Those of them in the layers that sum over the maps, which take all images of a ``RemovalRun`` in one turn.
    public let frontMultiplyAdds: Int
    /// These as time: a layer in tiles counts as one without that takes as long.
    public let frontWork: Int
    /// What the layers that take a few images at a time come to as time: a layer in tiles counts as one without that takes
    /// as long.
    let betweenWork: Int
    /// Those of them in layers that take many images at a time.
    let tailMultiplyAdds: Int
    /// The bytes that a ``RemovalRun`` holds for each of its images.
    public let heldBytes: Int
    /// Those of one from which the whole layer is removed, and what is held of the image itself besides its trace.
    public let wholeLayerBytes: Int
    /// The most bytes that activations of one of the few images at a time hold at once.
    public let workingBytes: Int
}

extension Network {
    /// The costs of removing so many feature maps of this layer together, as a ``RemovalRun`` does it.
    public func costs(removingFrom layer: Layer, maps: Int = 1) -> RemovalCosts {
        let plan = RemovalPlan(self, removingFrom: layer)
        let cost = { (indices: [Int]) in indices.reduce(0) { $0.saturatingAdd(self.layers[$1].multiplyAdds) } }
        let bytes = { (indices: [Int]) in indices.reduce(0) { $0.saturatingAdd(self.layers[$1].blockedBytes) } }
        var front = FrontCosts(self, removing: maps, of: layer)
        for step in plan.steps { front.count(step) }
        let held = front.heldBytes.saturatingAdd(bytes(plan.readWhole + plan.handedOver + plan.tail))
        let (between, tail) = (cost(plan.between), cost(plan.tail))
        return RemovalCosts(
            multiplyAdds: front.multiplyAdds.saturatingAdd(between).saturatingAdd(tail),
            frontMultiplyAdds: front.multiplyAdds, frontWork: front.work,
            betweenWork: plan.between.reduce(0) { $0.saturatingAdd(layers[$1].work) }, tailMultiplyAdds: tail,
            heldBytes: held.saturatingAdd(front.blockBytes.saturatingProduct(min(maps, layer.blocks))),
            wholeLayerBytes: held.saturatingAdd(front.blockBytes.saturatingProduct(layer.blocks))
                .saturatingAdd(front.baseBytes),
            workingBytes: workingBytes(plan))
    }

    private func workingBytes(_ plan: RemovalPlan) -> Int {
        var (alive, most) = (0, 0)
        let isBetween = Set(plan.between)
        for index in plan.between {
            alive = alive.saturatingAdd(layers[index].blockedBytes)
            most = max(most, alive)
            for done in self.plan.lastReadBy[index] where isBetween.contains(done) {
                alive -= layers[done].blockedBytes
            }
        }
        return most
    }
}

/// What the layers that are followed in blocks cost, for one image.
private struct FrontCosts {
    private let network: Network
    private let maps: Int
    private(set) var multiplyAdds = 0
    private(set) var work = 0
    /// The bytes of what comes out whole.
    private(set) var heldBytes = 0
    /// Of each block followed.
    private(set) var blockBytes: Int
    /// Of the image itself, once for all.
    private(set) var baseBytes = 0

    init(_ network: Network, removing maps: Int, of layer: Layer) {
        (self.network, self.maps) = (network, maps)
        blockBytes = layer.bytesOfABlock
    }

    mutating func count(_ step: RemovalPlan.Step) {
        switch step {
        case .channelwise(let next, _), .joined(let next, _, _):
            blockBytes = blockBytes.saturatingAdd(next.bytesOfABlock)
        case .flattened(_, let input):
            blockBytes = blockBytes.saturatingAdd(network.layers[input].bytesOfABlock)
        case .summed(let next, let input): count(next, reading: network.layers[input], giving: next)
        case .averaged(let next, _, let pooling, let input):
            count(next, reading: network.layers[input], giving: pooling)
        }
    }

    private mutating func count(_ next: Layer, reading input: Layer, giving result: Layer) {
        let replacement = next.operation.replacement
        let summands = (input.featureMaps + replacement.channels - 1) / replacement.channels
        let replaced = min(maps, summands)
        multiplyAdds = multiplyAdds.saturatingAdd((next.multiplyAdds / summands).saturatingProduct(replaced))
        work = work.saturatingAdd((next.work / summands).saturatingProduct(replaced))
        heldBytes = heldBytes.saturatingAdd(result.blockedBytes)
        // What a convolution that is not in tiles reads is copied once more, with its padding.
        blockBytes = blockBytes.saturatingAdd(replacement.blockBytes ?? input.bytesOfABlock)
        baseBytes = max(baseBytes, input.blocks.saturatingProduct(replacement.blockBytes ?? 0))
    }
}

extension Layer {
    fileprivate var blocks: Int { (featureMaps + BlockedMaps.lanes - 1) / BlockedMaps.lanes }
    fileprivate var bytesOfABlock: Int { BlockedMaps.lanes * height * width * MemoryLayout<Float>.size }
}

extension RemovalCosts {
    /// Multiply-adds of a turn: 50 ms at the 50 billion a second that two cores with AVX-512 are good for.
    private static let turn = 2_500_000_000
    /// The same of dense layers: with as many images as that they come to twice the rate.
    private static let denseTurn = 5_200_000_000
    /// Bytes that a turn holds beside what the run does.
    private static let turnBytes = 32 << 20
    /// Images of a turn at most.
    private static let turnImages = 64

    /// How many images at a time go through the layers between.
    public var imagesAtOnce: Int {
        let inTime = Self.even(Self.turn / max(1, betweenWork))
        return min(inTime, max(1, Self.turnBytes / max(1, workingBytes)), Self.turnImages)
    }

    /// How many images at a time go through the layers whose weights are large.
    var imagesInTail: Int { Self.even(Self.denseTurn / max(1, tailMultiplyAdds)) }

    /// An even number shares out well among threads.
    private static func even(_ images: Int) -> Int { images < 2 ? 1 : images - images % 2 }
}
