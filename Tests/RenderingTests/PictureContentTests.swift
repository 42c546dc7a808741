import Explainers
import Imaging
import Rendering
import Tensors
import Testing

@Suite struct PictureContentTests {
    private let photo = Photo(frame: Sample.frame, input: Sample.input, isReversed: false)

    private func color(_ image: Image, y: Int, x: Int) -> Color {
        let start = (y * image.width + x) * 3
        return Color(image.pixels[start], image.pixels[start + 1], image.pixels[start + 2])
    }

    /// All colours of some rows; equal neighbours are looked at once.
    private func colors(_ image: Image, rows: Range<Int>) -> Set<Color> {
        var found: Set<Color> = []
        for y in rows {
            var last: Color?
            for x in 0..<image.width {
                let next = color(image, y: y, x: x)
                if next != last { found.insert(next) }
                last = next
            }
        }
        return found
    }

    @Test func zeroIsMiddleGrayAndTheScaleReachesBothEnds() throws {
        let gray = Color(128, 128, 128)
        let picture = ProjectionPicture(Sample.deconv(), photo: photo)
        let image = try ImageDecoder.decode(picture.png(.projection, width: 240, limit: .max))
        let colors = colors(image, rows: 0..<image.height)
        #expect(colors.contains(gray))
        // The field's corner is +scale in red and −scale in green; its blue is what the pattern says, or zero.
        #expect(colors.contains { $0.red == 255 && $0.green == 0 })
        // Only the receptive field has colours.
        let colored = (0..<image.width).filter { x in
            (0..<image.height).contains { y in
                let found = color(image, y: y, x: x)
                return abs(Int(found.red) - Int(found.green)) > 40
            }
        }
        let pixel = Double(image.width) / Double(Sample.width)
        #expect(Double(colored.count) < 17 * pixel)
        #expect(Double(colored.count) > 10 * pixel)
    }

    @Test func channelsInReverseOrderAreSwappedBack() throws {
        var values = Tensor(shape: [3, 30, 40])
        values[0, 12, 20] = 1
        let field = PixelRectangle(y0: 12, x0: 20, y1: 13, x1: 21)
        let explanation = DeconvNetExplanation(
            layer: "conv1", options: DeconvNetOptions(),
            projections: [
                Projection(featureMap: 0, unit: nil, activation: 1, receptiveField: field, scale: 1, values: values)
            ])
        for (isReversed, expected) in [(false, Color(255, 128, 128)), (true, Color(128, 128, 255))] {
            let photo = Photo(frame: Sample.frame, input: Sample.input, isReversed: isReversed)
            let picture = ProjectionPicture(explanation, photo: photo)
            let image = try ImageDecoder.decode(picture.png(.pair, width: 300, limit: .max))
            #expect(color(image, y: image.height / 2 - 20, x: 60) == expected)
        }
    }

    @Test func whatHasNoPhotoIsDrawnFromItsNumbers() throws {
        var input = Tensor(shape: [1, 30, 40], repeating: -3)
        input[0, 5, 5] = 7
        let photo = Photo(frame: nil, input: input, isReversed: false)
        let picture = BarsPicture(
            PredictionExplanation(
                predictions: [Sample.prediction(0, 1)], logits: Tensor(shape: [1]), probabilities: Tensor(shape: [1])),
            photo: photo, model: "net")
        let image = try ImageDecoder.decode(picture.png(width: 240, limit: .max))
        #expect(colors(image, rows: 0..<image.height).contains(Color(0, 0, 0)))
    }

    @Test func theHeatmapColorsEveryCellAtItsPlace() throws {
        let explanation = try Sample.occlusion(delta: { row, column in row == 2 && column == 6 ? 0.5 : 0 })
        let picture = OcclusionPicture(explanation, photo: photo)
        let image = try ImageDecoder.decode(picture.transparentHeatmap(width: nil, limit: .max))
        #expect((image.width, image.height) == (40, 30))
        for y in 0..<30 {
            for x in 0..<40 {
                let isHot = (8..<12).contains(y) && (24..<28).contains(x)
                #expect((color(image, y: y, x: x) != .init(255, 255, 255)) == isHot, "y \(y), x \(x)")
            }
        }
    }

    @Test func theOverlayKeepsThePhotoRecognizable() throws {
        let explanation = try Sample.occlusion(delta: { $0 < 4 && $1 > 2 && $1 < 8 ? 0.5 : Float($1 - 5) / 50 })
        let picture = OcclusionPicture(explanation, photo: photo)
        let image = try ImageDecoder.decode(picture.png(.overlay, width: 320, limit: .max)).grayscale()
        // The photo's right edge, a margin from the picture's, stands below no word of the title.
        let left = (320 - contentWidth(320)) / 2
        let width = contentWidth(320)
        let first = try #require((0..<image.height).first { image.pixels[$0 * 320 + left + width - 1] < 250 })
        let content = image.cropped(
            PixelRectangle(y0: first, x0: left, y1: first + width * 30 / 40, x1: left + width))
        let expected = Sample.frame.grayscale().resized(height: content.height, width: content.width)
        #expect(correlation(content.pixels, expected.pixels) > 0.7)
    }

    private func contentWidth(_ width: Int) -> Int { width - 2 * max(10, (width + 20) / 44) }

    private func correlation(_ one: [UInt8], _ two: [UInt8]) -> Double {
        let (first, second) = (one.map(Double.init), two.map(Double.init))
        let (m1, m2) = (first.reduce(0, +) / Double(first.count), second.reduce(0, +) / Double(second.count))
        let pairs = zip(first, second).map { ($0 - m1, $1 - m2) }
        let together = pairs.reduce(0) { $0 + $1.0 * $1.1 }
        let squares = pairs.reduce((0, 0)) { ($0.0 + $1.0 * $1.0, $0.1 + $1.1 * $1.1) }
        return together / (squares.0 * squares.1).squareRoot()
    }

    @Test func everyColorOfTheClassMapStandsInItsLegend() throws {
        let explanation = try Sample.occlusion(classes: 53)
        let picture = OcclusionPicture(explanation, photo: photo)
        let image = try ImageDecoder.decode(picture.png(.topClass, width: 240, limit: .max))
        let content = (0..<image.height).filter { color(image, y: $0, x: 228) != .init(255, 255, 255) }
        let bottom = try #require(content.first) + contentWidth(240) * 30 / 40
        let palette = Set((0...ColorMap.categoryLimit).map(ColorMap.categorical))
        let shown = colors(image, rows: 0..<bottom).intersection(palette)
        let explained = colors(image, rows: bottom..<image.height).intersection(palette)
        #expect(shown.count == palette.count)
        #expect(shown.isSubset(of: explained))
    }
}
