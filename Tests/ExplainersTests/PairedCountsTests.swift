import Explainers
import Testing

/// Differences of paired shares, compared with what was published.
struct PairedCountsTests {
    /// Airway hyper-responsiveness before and after stem cell transplantation, in Fagerland, Lydersen and Laake
    /// (Statistics in Medicine 33 (2014), 2850–2875, tables I and VIII), and the example of Newcombe (1998, table II).
    @Test(arguments: [
        (PairedCounts(both: 1, firstOnly: 1, secondOnly: 7, neither: 12), [-0.286, -0.507, -0.026]),
        (PairedCounts(both: 36, firstOnly: 12, secondOnly: 2, neither: 0), [0.2, 0.057, 0.340]),
    ])
    func hasTheIntervalsOfTheLiterature(counts: PairedCounts, expected: [Double]) {
        let found = counts.difference
        for (value, published) in zip([found.value, found.low, found.high], expected) {
            #expect(abs(value - published) < 0.0005, "\(found)")
        }
    }

    @Test func changesItsSignWithTheOrder() {
        let one = PairedCounts(both: 40, firstOnly: 9, secondOnly: 2, neither: 60).difference
        let other = PairedCounts(both: 40, firstOnly: 2, secondOnly: 9, neither: 60).difference
        #expect(one.value == -other.value && one.low == -other.high && one.high == -other.low)
    }

    @Test(arguments: [
        PairedCounts(both: 111), PairedCounts(neither: 50), PairedCounts(both: 30, neither: 70),
        PairedCounts(both: 1),
    ])
    func hasAWidthWhereNothingChanges(counts: PairedCounts) {
        let found = counts.difference
        #expect(found.value == 0 && found.low < 0 && found.high > 0 && found.low >= -1 && found.high <= 1)
    }

    @Test func holdsEverythingWhereThereAreNoImages() {
        let found = PairedCounts().difference
        #expect(found.value == 0 && found.low == -1 && found.high == 1)
    }

    @Test func containsTheDifferenceWhateverTheCounts() {
        for both in 0..<5 {
            for first in 0..<5 {
                for second in 0..<5 {
                    for neither in 0..<5 {
                        let counts = PairedCounts(both: both, firstOnly: first, secondOnly: second, neither: neither)
                        let found = counts.difference
                        #expect(found.low <= found.value && found.value <= found.high, "\(counts)")
                        #expect(found.low >= -1 && found.high <= 1, "\(counts)")
                    }
                }
            }
        }
    }
}
