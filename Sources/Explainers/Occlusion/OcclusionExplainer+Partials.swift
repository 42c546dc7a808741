import Models
import Networks

extension OcclusionExplainer: DurableExplainer {
    /// A partial result as bytes: the values, the most probable classes, the activities.
    public func encoded(_ partial: Partial) -> [UInt8] {
        var writer = PartialWriter()
        writer.write(partial.values)
        writer.write(partial.topClass)
        writer.write(partial.activity)
        return writer.bytes
    }

    /// The partial result of `shard` that these bytes were made of.
    public func decoded(
        _ bytes: [UInt8], of shard: Shard, from groundwork: Groundwork
    ) throws(ExplainersError) -> Partial {
        let classes = model.network.classes
        var reader = PartialReader(bytes)
        let partial = Partial(
            shard: shard, values: try reader.floats(count: target == .all ? shard.count * classes : shard.count),
            topClass: try reader.integers(count: shard.count, in: 0..<classes),
            activity: try reader.floats(count: shard.count))
        try reader.finish()
        return partial
    }

    /// Positions at which the patch changes nothing.
    public func placeholder(for shard: Shard, from groundwork: Groundwork) -> Partial? {
        let outputs = groundwork.outputs
        let values =
            target == .all
            ? Array(outputs.row(0, of: of)) : [outputs.value(0, class: target.classIndex(unchanged: outputs), of: of)]
        return Partial(
            shard: shard, values: shard.items.flatMap { _ in values },
            topClass: shard.items.map { _ in Int32(outputs.strongest) },
            activity: shard.items.map { _ in groundwork.activity })
    }
}
