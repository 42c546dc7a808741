import Models
public import Networks
import Tensors

extension ActivationsExplainer: DurableExplainer {
    /// The feature maps and their activations as bytes.
    public func encoded(_ partial: ActivationsExplanation) -> [UInt8] {
        var writer = PartialWriter()
        writer.write(partial.featureMaps.map { Int32($0) })
        writer.write(partial.activations.values)
        return writer.bytes
    }

    /// The explanation that these bytes were made of.
    public func decoded(
        _ bytes: [UInt8], of shard: Shard, from groundwork: ForwardTrace?
    ) throws(ExplainersError) -> ActivationsExplanation {
        let count = featureMaps.count(in: layer)
        var reader = PartialReader(bytes)
        let maps = try reader.integers(count: count, in: 0..<layer.featureMaps)
        let values = try reader.floats(count: count * layer.height * layer.width)
        try reader.finish()
        return ActivationsExplanation(
            layer: layer.name, featureMaps: maps.map(Int.init),
            activations: Tensor(shape: [count, layer.height, layer.width], values: values))
    }

    /// Nil: there is one shard.
    public func placeholder(for shard: Shard, from groundwork: ForwardTrace?) -> ActivationsExplanation? { nil }
}
