import Explainers
import Tensors
import TestSupport
import Testing

/// What a projection's picture is scaled by.
struct ProjectionScaleTests {
    private func scale(of values: [Float]) -> Float? {
        Projection.scale(of: Tensor(shape: [1, 1, values.count], values: values))
    }

    @Test func isTheLargestMagnitudeOfFewValues() {
        #expect(scale(of: [0, -3, 2, 0]) == 3)
        #expect(scale(of: (0..<999).map { -Float($0) }) == 998)
    }

    @Test func leavesOneInAThousandAbove() {
        #expect(scale(of: (1...1000).map(Float.init)) == 999)
        #expect(scale(of: (1...2999).reversed().map(Float.init)) == 2997)
    }

    @Test func doesNotCountZeros() {
        #expect(scale(of: [Float](repeating: 0, count: 100_000) + [-0.0, 5, 4]) == 5)
        #expect(scale(of: [0, -0.0]) == 0)
    }

    @Test func isTheSameAsFromASortedList() {
        let values = randomTensor(shape: [3, 61, 47], seed: 5).values
        let sorted = values.map(\.magnitude).filter { $0 != 0 }.sorted(by: >)
        #expect(scale(of: values) == sorted[sorted.count / 1000])
    }

    @Test func tellsNearNeighboursApart() {
        // Their upper halves are equal.
        let values = (0..<3000).map { Float(1) + Float($0) * Float.ulpOfOne }
        #expect(scale(of: values.shuffled()) == values[2996])
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func isNoneWhereAValueIsNotFinite(value: Float) {
        #expect(scale(of: [1, value]) == nil)
    }
}
