/// An explainer whose partial results can be kept as bytes: what a job is made of that goes on after its process has died,
/// or on another machine.
public protocol DurableExplainer: Explainer {
    /// A partial result as bytes, every float with all of its bits.
    func encoded(_ partial: Partial) -> [UInt8]

    /// The partial result of `shard` that ``encoded(_:)`` made these bytes of.
    ///
    /// Throws ``ExplainersError/malformedPartial(_:)`` for bytes that no partial result of this shard gives.
    func decoded(_ bytes: [UInt8], of shard: Shard, from groundwork: Groundwork) throws(ExplainersError) -> Partial

    /// What stands for the result of a shard that is not there yet: that nothing changes, and nothing is projected; nil
    /// where the shard is all there is.
    func placeholder(for shard: Shard, from groundwork: Groundwork) -> Partial?
}
