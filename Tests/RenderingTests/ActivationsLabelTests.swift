import Testing

@testable import Rendering

@Suite("Labels of feature maps")
struct ActivationsLabelTests {
    private let typeface = Typeface()

    /// The labels of so many maps in a picture of that width, the last map's value the longest.
    private func labels(of count: Int, width: Int) -> (labels: [[String]], words: String, mosaic: Mosaic) {
        let size = Panel.denseTextSize(width: width)
        let mosaic = Mosaic(count: count, width: Panel.contentWidth(of: width, size: size), size: size)
        let largest = (0..<count).map { $0 == count - 1 ? Float(-1234.5) : 1 }
        let (labels, words) = ActivationsPicture.labels(Array(0..<count), largest, in: mosaic, typeface)
        return (labels, words, mosaic)
    }

    @Test(
        "stand in one line where there is room, else in two, and are never cut",
        arguments: [
            (5, 960, 1), (512, 960, 2), (512, 4096, 1), (1000, 960, 1), (1000, 300, 0), (64, 64, 0),
        ])
    func forms(count: Int, width: Int, lines: Int) {
        let (labels, _, mosaic) = labels(of: count, width: width)
        #expect(labels.count == count)
        #expect(labels.allSatisfy { $0.count == lines })
        #expect(mosaic.hasRoom(for: labels, typeface))
        if lines > 0 { #expect(labels.enumerated().allSatisfy { $1[0].hasPrefix("\($0)") }) }
    }

    @Test("say where the largest value stands, or that the maps are in order")
    func words() {
        #expect(labels(of: 5, width: 960).words == ", which stands beside its number")
        #expect(labels(of: 512, width: 960).words == ", which stands below its number")
        #expect(labels(of: 1000, width: 960).words == "")
        #expect(labels(of: 1000, width: 300).words == "; they stand in their order, row by row")
    }
}
