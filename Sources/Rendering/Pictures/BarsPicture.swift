public import Explainers

/// The most probable classes as bars beside the photo.
public struct BarsPicture: Sendable {
    /// More are not drawn: a bar for each of a thousand classes makes a picture of a gigabyte that nobody reads.
    static let maximumBars = 40

    private let explanation: PredictionExplanation
    private let photo: Photo
    private let model: String

    /// The picture of `explanation`, which the model called `model` made of `photo`.
    public init(_ explanation: PredictionExplanation, photo: Photo, model: String) {
        self.explanation = explanation
        self.photo = photo
        self.model = model
    }

    /// The picture as PNG, `width` pixels wide (800 unless told), of the 40 most probable classes at most.
    ///
    /// - Throws: ``RenderingError`` where the picture would have more than `limit` pixels.
    public func png(width: Int?, limit: Int) throws(RenderingError) -> [UInt8] {
        let typeface = Typeface()
        let width = width ?? 800
        let title = "What \(model) sees"
        let shown = explanation.predictions.prefix(Self.maximumBars)
        let isCut = shown.count < explanation.predictions.count
        let caption =
            isCut
            ? "Probability of the \(shown.count) most probable of the \(explanation.predictions.count) classes asked for."
            : "Probability of each class, the most probable first."
        let panel = Panel(title: title, caption: caption, width: width)
        let size = Panel.textSize(width: width)
        let photoWidth = panel.contentWidth * 2 / 5
        let picture = photo.sketch(width: photoWidth)
        let bars = Bars(
            entries: shown.map { prediction in
                Bars.Entry(
                    label: "\(prediction.label ?? "class") (\(prediction.classIndex))", share: prediction.probability,
                    value: Numbers.percent(prediction.probability), color: ColorMap.categorical(0))
            }, width: panel.contentWidth - photoWidth - size * 3 / 2, size: size
        ).sketch(typeface)
        let content = Sketch(width: panel.contentWidth, height: max(picture.height, bars.height)) { canvas, x, y in
            picture.draw(on: &canvas, x: x, y: y)
            bars.draw(on: &canvas, x: x + photoWidth + size * 3 / 2, y: y)
        }
        return try panel.around(content, typeface).png(title: title, limit: limit)
    }
}
