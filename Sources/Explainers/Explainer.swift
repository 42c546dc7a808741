public import Kernels

/// An explanation as a pure function of (model, input, options), in the four steps of a sweep.
///
/// `prepare` makes what every shard reads (the pass over the unchanged input), `plan` cuts the work into shards, `run`
/// does one of them, and `merge` puts the partial results together. Nothing is hooked into the model and nothing is
/// remembered between the steps but the values they return, so a shard may run on another thread, or on another machine
/// that has prepared the same groundwork itself: the explanation has the same bits however it was cut.
public protocol Explainer: Sendable {
    /// What all shards read; the same bits wherever it is prepared.
    associatedtype Groundwork: Sendable
    /// The result of one shard.
    associatedtype Partial: Sendable
    /// The whole answer.
    associatedtype Explanation: Sendable

    /// What the whole sweep costs, known before anything has been computed.
    var estimate: CostEstimate { get }

    /// The shards of the sweep, in order: never empty, each item in exactly one, the same for the same request.
    ///
    /// A shard is meant to take turns of 50 ms at most, mostly one; it has one item at least, however large the network.
    func plan() -> [Shard]

    /// The groundwork: what the unchanged input gives, whose pass comes from `passes`.
    func prepare(_ context: KernelContext, passes: any PassSource) throws -> Groundwork

    /// The same in as many turns as it takes; one, if nothing else is said.
    func prepare(_ turns: Turns, passes: any PassSource) throws -> Groundwork

    /// The partial result for the items of one shard, in one turn.
    func run(_ shard: Shard, from groundwork: Groundwork, _ context: KernelContext) throws -> Partial

    /// The partial result for the items of one shard, in as many turns as it takes; one, if nothing else is said.
    func run(_ shard: Shard, from groundwork: Groundwork, _ turns: Turns) throws -> Partial

    /// The explanation made of partial results that hold every item once, in any order.
    func merge(_ partials: [Partial], from groundwork: Groundwork) throws -> Explanation

    /// The same where something is left to compute, in as many turns as that takes; nothing is, if nothing else is said.
    func merge(_ partials: [Partial], from groundwork: Groundwork, _ turns: Turns) throws -> Explanation
}

extension Explainer {
    /// The groundwork, in one turn.
    public func prepare(_ turns: Turns, passes: any PassSource) throws -> Groundwork {
        try turns.take { try prepare($0, passes: passes) }
    }

    /// The partial result for the items of one shard, in one turn.
    public func run(_ shard: Shard, from groundwork: Groundwork, _ turns: Turns) throws -> Partial {
        try turns.take { try run(shard, from: groundwork, $0) }
    }

    /// The explanation made of partial results, with nothing left to compute.
    public func merge(
        _ partials: [Partial], from groundwork: Groundwork, _ turns: Turns
    ) throws -> Explanation {
        try merge(partials, from: groundwork)
    }
}
