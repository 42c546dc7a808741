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

    /// Every view of every picture.
    private func pictures(width: Int?) throws -> [(name: String, bytes: [UInt8])] {
        var pictures = [
            ("bars", BarsPicture(predictions, photo: photo, model: "squeezenet1.1").png(width: width)),
            ("grid", ActivationsPicture(activations).png(width: width)),
        ]
        for count in [1, 5] {
            let picture = ProjectionPicture(Sample.deconv(count), photo: photo)
            pictures += ProjectionPicture.View.allCases.map { ("\($0) of \(count)", picture.png($0, width: width)) }
        }
        for explanation in [
            try Sample.occlusion(), try Sample.occlusion(classes: 40, of: .logit, refusal: "sigmoid has no DeconvNet"),
        ] {
            let picture = OcclusionPicture(explanation, photo: photo)
            pictures += OcclusionPicture.View.allCases.map { ("\($0)", picture.png($0, width: width)) }
            pictures.append(("transparent", picture.transparentHeatmap(width: width)))
        }
        for count in [1, 30] {
            let picture = AblationPicture(Sample.ablation(count))
            pictures += AblationPicture.View.allCases.map { ("\($0) of \(count)", picture.png($0, width: width)) }
        }
        return pictures
    }

    @Test(arguments: [64, 133, 401])
    func everyPictureHasTheWidthAskedFor(width: Int) throws {
        for picture in try pictures(width: width) {
            #expect(try ImageDecoder.probe(picture.bytes).width == width, "\(picture.name)")
        }
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
            return try ImageDecoder.probe(BarsPicture(explanation, photo: photo, model: "net").png(width: 320)).height
        }
        #expect(try height(of: 39) < height(of: 40))
        // A second line of the caption is all that is added.
        #expect(try height(of: 1000) < height(of: 40) + 40)
    }

    @Test func aPictureHasASizeOfItsOwn() throws {
        let picture = BarsPicture(predictions, photo: photo, model: "net").png(width: nil)
        #expect(try ImageDecoder.probe(picture).width == 800)
    }

    @Test func picturesOfAllZerosAreDrawn() throws {
        let explanation = try Sample.occlusion(delta: { _, _ in 0 })
        let picture = OcclusionPicture(explanation, photo: photo)
        #expect(try ImageDecoder.decode(picture.png(.figure, width: 300)).width == 300)
        #expect(try ImageDecoder.decode(picture.transparentHeatmap(width: nil)).pixels.allSatisfy { $0 == 255 })
    }

    @Test func wordsStandInTheFile() throws {
        let bytes = OcclusionPicture(try Sample.occlusion(), photo: photo).png(.topClass, width: nil)
        #expect(bytes.contains(Array("Title\0Most probable class".utf8)))
    }
}
