internal import Explainers
internal import Models

/// An explanation cut into shards whose results are bytes, whichever explainer makes it.
struct DurableWork: Sendable {
    let estimate: CostEstimate
    /// What is computed in the unchanged image's pass and kept for all shards.
    let prepare: @Sendable (Turns, any PassSource) throws -> PreparedWork
    let plan: @Sendable () -> [Shard]

    /// The shards, in the order in which they are to be done: the first ones lie as far apart as those behind them leave
    /// room for, so that what there is of a heatmap covers all of it from the beginning.
    func shards() -> [Shard] { Self.spread(plan()) }

    /// The elements by the reversed bits of their indices: 0, 4, 2, 6, 1, 5, 3, 7.
    static func spread<Element>(_ elements: [Element]) -> [Element] {
        let bits = elements.count <= 1 ? 0 : Int.bitWidth - (elements.count - 1).leadingZeroBitCount
        return (0..<1 << bits).compactMap { index in
            var (rest, reversed) = (index, 0)
            for _ in 0..<bits {
                reversed = reversed << 1 | rest & 1
                rest >>= 1
            }
            return reversed < elements.count ? elements[reversed] : nil
        }
    }
}

/// A durable explanation whose groundwork is there.
struct PreparedWork: Sendable {
    /// The result of one shard as bytes.
    let run: @Sendable (Shard, Turns) throws -> [UInt8]
    /// The answer made of the results of all shards, in any order, with turns for what is left to compute; nil where shards without a result have nothing that
    /// could stand for them.
    let merge: @Sendable ([ShardBytes], Turns) throws -> Answer?
}

/// The result of a shard as bytes.
struct ShardBytes: Sendable {
    let shard: Shard
    /// Nil where it is not there yet.
    let bytes: [UInt8]?
}

/// Makes durable work of an explainer.
struct DurableWorkVisitor: ExplainerVisitor {
    typealias Outcome = DurableWork

    func visit<Method: DurableExplainer>(
        _ explainer: Method, compose: @escaping @Sendable (Method.Explanation) -> Answer
    ) -> DurableWork {
        DurableWork(
            estimate: explainer.estimate,
            prepare: { turns, passes in
                let groundwork = try explainer.prepare(turns, passes: passes)
                return PreparedWork(
                    run: { shard, turns in explainer.encoded(try explainer.run(shard, from: groundwork, turns)) },
                    merge: { results, turns in
                        let partials = try results.compactMap { result in
                            try result.bytes.map {
                                try explainer.decoded($0, of: result.shard, from: groundwork)
                            } ?? explainer.placeholder(for: result.shard, from: groundwork)
                        }
                        guard partials.count == results.count else { return nil }
                        return compose(try explainer.merge(partials, from: groundwork, turns))
                    })
            },
            plan: { explainer.plan() })
    }
}
