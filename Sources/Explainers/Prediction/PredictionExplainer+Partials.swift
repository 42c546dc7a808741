import Models
public import Networks
import Tensors

extension PredictionExplainer: DurableExplainer {
    /// The logits and the probabilities as bytes.
    public func encoded(_ partial: PredictionExplanation) -> [UInt8] {
        var writer = PartialWriter()
        writer.write(partial.logits.values)
        writer.write(partial.probabilities.values)
        return writer.bytes
    }

    /// The explanation that these bytes were made of.
    public func decoded(
        _ bytes: [UInt8], of shard: Shard, from groundwork: ForwardTrace?
    ) throws(ExplainersError) -> PredictionExplanation {
        let classes = model.network.classes
        var reader = PartialReader(bytes)
        let outputs = ClassOutputs(
            logits: try reader.floats(count: classes), probabilities: try reader.floats(count: classes),
            classes: classes)
        try reader.finish()
        return explanation(of: outputs)
    }

    /// Nil: there is one shard.
    public func placeholder(for shard: Shard, from groundwork: ForwardTrace?) -> PredictionExplanation? { nil }
}
