import Explainers
import Imaging
import Rendering
import Tensors
import Testing

@Suite struct PictureTests {
    private let photo = Photo(frame: Sample.frame, input: Sample.input, isReversed: false)

    private var predictions: PredictionExplanation {
        PredictionExplanation(
            predictions: [
                Sample.prediction(285, 0.6), Sample.prediction(3, 0.4, label: "名前 🐈"), Sample.prediction(1, 0),
            ],
            logits: Tensor(shape: [3]), probabilities: Tensor(shape: [3]))
    }

    private var activations: ActivationsExplanation {
        let maps = (0..<5).map { map in Sample.tensor(4, 6) { Float(map * $0 * $1) } }
        return ActivationsExplanation(layer: "fire9", featureMaps: [0, 1, 2, 3, 4], activations: Tensor.stacked(maps))
    }

    /// Every view of every picture, as its name and how it is drawn at most so many pixels large.
    private func drawings(width: Int?) throws -> [(name: String, draw: (_ limit: Int) throws -> [UInt8])] {
        let (bars, grid) = (
            BarsPicture(predictions, photo: photo, model: "squeezenet1.1"), ActivationsPicture(activations)
        )
        var drawings: [(String, (Int) throws -> [UInt8])] = [
            ("bars", { try bars.png(width: width, limit: $0) }), ("grid", { try grid.png(width: width, limit: $0) }),
        ]
        for count in [1, 5] {
            let picture = ProjectionPicture(Sample.deconv(count), photo: photo)
            drawings += ProjectionPicture.View.allCases.map { view in
                ("\(view) of \(count)", { try picture.png(view, width: width, limit: $0) })
            }
        }
        for explanation in [
            try Sample.occlusion(), try Sample.occlusion(classes: 40, of: .logit, refusal: "sigmoid has no DeconvNet"),
        ] {
            let picture = OcclusionPicture(explanation, photo: photo)
            drawings += OcclusionPicture.View.allCases.map { view in
                ("\(view)", { try picture.png(view, width: width, limit: $0) })
            }
            drawings.append(("transparent", { try picture.transparentHeatmap(width: width, limit: $0) }))
        }
        for count in [1, 30] {
            let picture = AblationPicture(Sample.ablation(count))
            drawings += AblationPicture.View.allCases.map { view in
                ("\(view) of \(count)", { try picture.png(view, width: width, limit: $0) })
            }
        }
        return drawings
    }

    private func pictures(width: Int?) throws -> [(name: String, bytes: [UInt8])] {
        try drawings(width: width).map { ($0.name, try $0.draw(.max)) }
    }

    @Test(arguments: [64, 133, 401])
    func everyPictureHasTheWidthAskedFor(width: Int) throws {
        for picture in try pictures(width: width) {
            #expect(try ImageDecoder.probe(picture.bytes).width == width, "\(picture.name)")
        }
    }

    @Test(arguments: [64, 133, 401])
    func everyPictureKeepsTheLimitOfPixels(width: Int) throws {
        for drawing in try drawings(width: width) {
            let bytes = try drawing.draw(.max)
            let (width, height) = try (ImageDecoder.probe(bytes).width, ImageDecoder.probe(bytes).height)
            #expect(try drawing.draw(width * height) == bytes, "\(drawing.name)")
            let limit = width * height - 1
            #expect(
                throws: RenderingError.tooManyPixels(width: width, height: height, limit: limit), "\(drawing.name)"
            ) { try drawing.draw(limit) }
        }
    }

    @Test func whatIsTooLargeIsRefusedBeforeAPixelOfItTakesRoom() throws {
        // More than a terabyte, if it were drawn.
        let explanation = DeconvNetExplanation(
            layer: "fc6", options: DeconvNetOptions(),
            projections: Array(repeating: Sample.projection(), count: 4096))
        let picture = ProjectionPicture(explanation, photo: photo)
        for view in ProjectionPicture.View.allCases {
            #expect(throws: RenderingError.self) { try picture.png(view, width: 100_000, limit: 25_000_000) }
        }
    }

    @Test func saysWhatIsTooLarge() {
        let error = RenderingError.tooManyPixels(width: 4096, height: 100_000, limit: 25_000_000)
        #expect(error.description == "the picture would have 4096 × 100000 pixels, and 25000000 are allowed")
    }

    @Test func theSameExplanationGivesTheSameBytes() throws {
        for (one, two) in zip(try pictures(width: 100), try pictures(width: 100)) {
            #expect(one.bytes == two.bytes, "\(one.name)")
        }
    }

    @Test func aThousandClassesMakeNoPictureWithoutEnd() throws {
        func height(of count: Int) throws -> Int {
            let explanation = PredictionExplanation(
                predictions: (0..<count).map { Sample.prediction($0, 0) }, logits: Tensor(shape: [count]),
                probabilities: Tensor(shape: [count]))
            let picture = BarsPicture(explanation, photo: photo, model: "net")
            return try ImageDecoder.probe(picture.png(width: 320, limit: .max)).height
        }
        #expect(try height(of: 39) < height(of: 40))
        // A second line of the caption is all that is added.
        #expect(try height(of: 1000) < height(of: 40) + 40)
    }

    @Test func aPictureHasASizeOfItsOwn() throws {
        let picture = try BarsPicture(predictions, photo: photo, model: "net").png(width: nil, limit: .max)
        #expect(try ImageDecoder.probe(picture).width == 800)
    }

    @Test func picturesOfAllZerosAreDrawn() throws {
        let explanation = try Sample.occlusion(delta: { _, _ in 0 })
        let picture = OcclusionPicture(explanation, photo: photo)
        #expect(try ImageDecoder.decode(picture.png(.figure, width: 300, limit: .max)).width == 300)
        let heatmap = try ImageDecoder.decode(picture.transparentHeatmap(width: nil, limit: .max))
        #expect(heatmap.pixels.allSatisfy { $0 == 255 })
    }

    @Test func wordsStandInTheFile() throws {
        let bytes = try OcclusionPicture(try Sample.occlusion(), photo: photo).png(.topClass, width: nil, limit: .max)
        #expect(bytes.contains(Array("Title\0Most probable class".utf8)))
    }
}
