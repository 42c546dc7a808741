import Tensors
import TestSupport
import Testing

/// The measures that all numeric tests stand on: each lets through what it should, and nothing more.
@Suite struct ToleranceTests {
    @Test func exactMeansTheSameBits() {
        #expect(difference(1, 1, within: .exact) == nil)
        #expect(difference(.nan, -Float.nan, within: .exact) == nil)
        #expect(difference(1, Float(1).nextUp, within: .exact) != nil)
        #expect(difference(0, -0.0, within: .exact) != nil)
        #expect(difference(.nan, 1, within: .exact) != nil)
    }

    @Test func roundingCountsFloats() {
        #expect(difference(1, Float(1).nextUp.nextUp, within: .rounding(ulps: 2)) == nil)
        #expect(difference(1, Float(1).nextUp.nextUp, within: .rounding(ulps: 1)) != nil)
        #expect(difference(0, -0.0, within: .rounding(ulps: 0)) == nil)
        #expect(ulpDistance(-.leastNonzeroMagnitude, .leastNonzeroMagnitude) == 2)
        #expect(ulpDistance(1, Float(1).nextDown) == 1)
    }

    @Test func referenceMeasuresByTheLargestMagnitude() {
        #expect(difference([-100, 0.0009], [-100, 0], within: .reference) == nil)
        #expect(difference([-100, 0.0011], [-100, 0], within: .reference) != nil)
        #expect(difference([0, 1e-30], [0, 0], within: .reference) != nil)
    }

    @Test func othersGiveTheirReason() {
        #expect(difference([3], [2], within: .absolute(1, reason: "one level of a pixel")) == nil)
        #expect(difference([3.5], [2], within: .absolute(1, reason: "a level"))?.contains("a level") == true)
        #expect(difference([99.5], [100], within: .relative(0.01, reason: "half floats")) == nil)
        #expect(
            difference([98], [100], within: .relative(0.01, reason: "half floats"))?.contains("half floats") == true)
    }

    @Test(arguments: [Tolerance.reference, .rounding(ulps: 1 << 30), .absolute(1e30, reason: "any")])
    func notANumberIsNearToItselfAlone(tolerance: Tolerance) {
        #expect(difference([.nan, 1], [.nan, 1], within: tolerance) == nil)
        #expect(difference([.nan, 1], [0, 1], within: tolerance) != nil)
        #expect(difference([0, 1], [.nan, 1], within: tolerance) != nil)
    }

    @Test func infinityIsNearToItselfAlone() {
        #expect(difference([.infinity, 1], [.infinity, 1], within: .reference) == nil)
        #expect(difference([1e38, 1], [.infinity, 1], within: .reference) != nil)
        #expect(difference([.infinity, 1], [1e38, 1], within: .reference) != nil)
    }

    @Test func namesTheWorstPlace() throws {
        let expected = Tensor(shape: [2, 2, 3])
        var found = expected
        found[0, 1, 2] = 1
        found[1, 0, 1] = -2
        let words = try #require(difference(found, expected, within: .reference))
        #expect(words.hasPrefix("value [1, 0, 1]: -2.0, not 0.0: off by 2.0"))
        #expect(words.contains("2 of 12 values"))
    }

    @Test func shapesAndCountsMustAgree() {
        #expect(
            difference(Tensor(shape: [2, 3]), Tensor(shape: [3, 2]), within: .reference) == "shape [2, 3], not [3, 2]")
        #expect(difference([1], [1, 2], within: .reference) != nil)
    }

    /// Values of the algorithm's published C code (Vigna's `splitmix64.c`) for the seed 1234567.
    @Test func randomNumbersAreThoseOfSplitMix64() {
        var generator = SplitMix64(seed: 1_234_567)
        let numbers = (0..<3).map { _ in generator.next() }
        #expect(numbers == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    }

    @Test func randomTensorsRepeatAndStayInRange() {
        let tensor = randomTensor(shape: [50, 20], seed: 9, in: -2...3)
        #expect(tensor.isIdentical(to: randomTensor(shape: [50, 20], seed: 9, in: -2...3)))
        #expect(tensor != randomTensor(shape: [50, 20], seed: 10, in: -2...3))
        #expect(tensor.values.allSatisfy { (-2...3).contains($0) })
        #expect(abs(tensor.values.reduce(0, +) / 1000 - 0.5) < 0.2)
    }
}
