import Explainers
import Testing

@Suite struct ShardTests {
    @Test func aPlanHoldsEveryItemOnce() {
        for (items, size) in [(1, 1), (1, 64), (7, 2), (64, 64), (65, 64), (10, 3)] {
            let shards = Shard.plan(items: items, size: size)
            #expect(shards.flatMap { Array($0.items) } == Array(0..<items))
            #expect(shards.allSatisfy { $0.count <= size })
        }
    }

    @Test func estimatesStopAtTheLargestInteger() {
        let estimate = CostEstimate(forwardPasses: 2, multiplyAdds: 3_000, bytes: 1)
        #expect(estimate.seconds(multiplyAddsPerSecond: 1_000) == 3)
    }
}
