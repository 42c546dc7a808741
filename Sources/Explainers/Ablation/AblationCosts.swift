import Networks

/// What the removals from a layer cost on one image, and how they are cut into shards.
struct AblationCosts: Sendable {
    private let network: Network
    private let costs: RemovalCosts
    /// Every removal and the whole layer.
    let items: Int

    init(_ network: Network, _ layer: Layer, _ removals: RemovalSelection) {
        self.network = network
        costs = network.costs(removingFrom: layer, maps: removals.mostTogether)
        items = removals.count(in: layer) + 1
    }

    /// One whole pass, and one from the layer on for each removal.
    var estimate: CostEstimate {
        CostEstimate(
            forwardPasses: items + 1,
            multiplyAdds: items.saturatingProduct(costs.multiplyAdds).saturatingSum(network.multiplyAdds),
            bytes: items.saturatingProduct(16 * network.classes).saturatingSum(network.traceBytes)
                .saturatingSum(min(items, shardSize).saturatingProduct(bytesPerRemoval))
                .saturatingSum(costs.wholeLayerBytes)
                .saturatingSum(min(items, costs.imagesAtOnce).saturatingProduct(costs.workingBytes)),
            resultBytes: items.saturatingProduct(8 * network.classes))
    }

    /// Shards of removals; the whole layer comes last.
    func plan() -> [Shard] { Shard.plan(items: items, size: shardSize) }

    /// As many as make one turn of what is computed for all of them together, hold no more than 32 MiB, and take about a
    /// second, so that progress can be told.
    private var shardSize: Int {
        let together = 2_500_000_000 / max(1, costs.frontWork)
        let inTime = 100_000_000_000 / max(1, costs.multiplyAdds)
        return max(1, min(together, inTime, (32 << 20) / max(1, bytesPerRemoval), 512))
    }

    private var bytesPerRemoval: Int { costs.heldBytes.saturatingSum(8 * network.classes) }
}
