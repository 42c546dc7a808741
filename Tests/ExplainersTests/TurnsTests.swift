import Concurrency
import Explainers
import Kernels
import Networks
import TestSupport
import Testing

@Suite struct TurnsTests {
    @Test(arguments: 1...40, 1...9) func partsOfAShardHoldEvenNumbers(_ items: Int, _ most: Int) {
        let parts = Shard.even(items, most: most)
        #expect(parts.flatMap(Array.init) == Array(0..<items))
        #expect(parts.allSatisfy { !$0.isEmpty && $0.count <= most })
        #expect(most == 1 || parts.dropLast().allSatisfy { $0.count.isMultiple(of: 2) })
    }
}
