import Models
import Networks

extension AccuracyExplainer: DurableExplainer {
    /// A partial result as bytes: an integer an outcome.
    public func encoded(_ partial: Partial) -> [UInt8] {
        var writer = PartialWriter()
        writer.write(partial.outcomes.map(\.packed))
        return writer.bytes
    }

    /// The partial result of `shard` that these bytes were made of.
    public func decoded(
        _ bytes: [UInt8], of shard: Shard, from groundwork: Groundwork
    ) throws(ExplainersError) -> Partial {
        var reader = PartialReader(bytes)
        let packed = try reader.integers(count: shard.count * outcomesPerImage, in: 0..<model.network.classes << 2)
        try reader.finish()
        return Partial(shard: shard, outcomes: packed.map(ImageOutcome.init(packed:)))
    }

    /// Images that are not counted.
    public func placeholder(for shard: Shard, from groundwork: Groundwork) -> Partial? {
        Partial(shard: shard, outcomes: [])
    }
}
