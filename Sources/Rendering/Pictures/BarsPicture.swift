public import Explainers

/// The most probable classes as bars beside the photo.
public struct BarsPicture: Sendable {
    private let explanation: PredictionExplanation
    private let photo: Photo
    private let model: String

    /// The picture of `explanation`, which the model called `model` made of `photo`.
    public init(_ explanation: PredictionExplanation, photo: Photo, model: String) {
        self.explanation = explanation
        self.photo = photo
        self.model = model
    }

    /// The picture as PNG, `width` pixels wide (800 unless told).
    public func png(width: Int?) -> [UInt8] {
        let typeface = Typeface()
        let width = width ?? 800
        let title = "What \(model) sees"
        let panel = Panel(title: title, caption: "Probability of each class, the most probable first.", width: width)
        let size = Panel.textSize(width: width)
        let photoWidth = panel.contentWidth * 2 / 5
        let picture = Canvas(photo: photo.image, width: photoWidth)
        let bars = Bars(
            entries: explanation.predictions.map { prediction in
                Bars.Entry(
                    label: "\(prediction.label ?? "class") (\(prediction.classIndex))", share: prediction.probability,
                    value: Numbers.percent(prediction.probability), color: ColorMap.categorical(0))
            }, width: panel.contentWidth - photoWidth - size * 3 / 2, size: size
        ).drawn(typeface)
        var content = Canvas(width: panel.contentWidth, height: max(picture.height, bars.height))
        content.draw(picture, x: 0, y: 0)
        content.draw(bars, x: photoWidth + size * 3 / 2, y: 0)
        return panel.around(content, typeface).png(title: title)
    }
}
