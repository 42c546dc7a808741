internal import Kernels

/// What it costs to follow the removal of a layer's feature maps, for one image without some of them.
public struct RemovalCosts: Hashable, Sendable {
    /// Multiplications with an addition: layers that sum over the maps compute one block of 16 of them again, those behind
    /// are computed whole.
    public let multiplyAdds: Int
    /// Those of them in the layers that sum over the maps, which take all images of a ``RemovalRun`` in one turn.
    public let frontMultiplyAdds: Int
    /// What the layers that take a few images at a time come to as time: a layer in tiles counts as one without that takes
    /// as long.
    let betweenWork: Int
    /// Those of them in layers that take many images at a time.
    let tailMultiplyAdds: Int
    /// The bytes that a ``RemovalRun`` holds for each of its images.
    public let heldBytes: Int
    /// Those of one from which the whole layer is removed.
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
        let blocks = { (index: Int) in (self.layers[index].featureMaps + BlockedMaps.lanes - 1) / BlockedMaps.lanes }
        let replaced = { (index: Int) in min(maps, blocks(index)) }
        var held = bytes(plan.readWhole + plan.handedOver + plan.tail)
        var front = 0
        // Of each block followed; what a convolution reads is copied once more, with its padding.
        let block = { (next: Layer) in BlockedMaps.lanes * next.height * next.width * MemoryLayout<Float>.size }
        var followed = block(layer)
        for step in plan.steps {
            switch step {
            case .channelwise(let next, _), .joined(let next, _, _): followed = followed.saturatingAdd(block(next))
            case .flattened(_, let input): followed = followed.saturatingAdd(block(layers[input]))
            case .summed(let next, let input):
                front = front.saturatingAdd((next.multiplyAdds / blocks(input)).saturatingProduct(replaced(input)))
                held = held.saturatingAdd(next.blockedBytes)
                followed = followed.saturatingAdd(block(layers[input]))
            case .averaged(let next, _, let pooling, let input):
                front = front.saturatingAdd((next.multiplyAdds / blocks(input)).saturatingProduct(replaced(input)))
                held = held.saturatingAdd(pooling.blockedBytes)
                followed = followed.saturatingAdd(block(layers[input]))
            }
        }
        let (between, tail) = (cost(plan.between), cost(plan.tail))
        return RemovalCosts(
            multiplyAdds: front.saturatingAdd(between).saturatingAdd(tail), frontMultiplyAdds: front,
            betweenWork: plan.between.reduce(0) { $0.saturatingAdd(layers[$1].work) }, tailMultiplyAdds: tail,
            heldBytes: held.saturatingAdd(followed.saturatingProduct(replaced(layer.index))),
            wholeLayerBytes: held.saturatingAdd(followed.saturatingProduct(blocks(layer.index))),
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
