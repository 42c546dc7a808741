import Models
import Networks

extension AblationExplainer: DurableExplainer {
    /// A partial result as bytes: the logits, the probabilities.
    public func encoded(_ partial: Partial) -> [UInt8] {
        var writer = PartialWriter()
        writer.write(partial.logits)
        writer.write(partial.probabilities)
        return writer.bytes
    }

    /// The partial result of `shard` that these bytes were made of.
    public func decoded(
        _ bytes: [UInt8], of shard: Shard, from groundwork: Groundwork
    ) throws(ExplainersError) -> Partial {
        let count = shard.count * model.network.classes
        var reader = PartialReader(bytes)
        let partial = Partial(
            shard: shard, logits: try reader.floats(count: count), probabilities: try reader.floats(count: count))
        try reader.finish()
        return partial
    }

    /// Removals that change nothing.
    public func placeholder(for shard: Shard, from groundwork: Groundwork) -> Partial? {
        let outputs = groundwork.outputs
        return Partial(
            shard: shard, logits: shard.items.flatMap { _ in outputs.row(0, of: .logit) },
            probabilities: shard.items.flatMap { _ in outputs.row(0, of: .probability) })
    }
}
