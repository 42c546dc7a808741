public import Explainers

/// What the accuracy on a labelled set loses without feature maps, as a picture.
public struct AccuracyPicture: Sendable {
    private let explanation: AccuracyExplanation

    /// Pictures of `explanation`.
    public init(_ explanation: AccuracyExplanation) { self.explanation = explanation }

    /// The most bars that a picture holds.
    private static let barLimit = 20

    /// The removals that cost most right answers, as bars, `width` pixels wide (720 unless told).
    ///
    /// - Throws: ``RenderingError`` where the picture would have more than `limit` pixels.
    public func png(width: Int?, limit: Int) throws(RenderingError) -> [UInt8] {
        let typeface = Typeface()
        let width = width ?? 720
        let title = "Accuracy without feature maps of \(explanation.layer)"
        let panel = Panel(title: title, caption: caption, width: width)
        let shown = explanation.ranked.prefix(Self.barLimit)
        let whole = explanation.layerRemoved
        let largest = (shown + [whole]).reduce(0) { max($0, abs($1.top1.difference.value)) }
        var entries = shown.map { entry("map \($0.featureMaps.map(String.init).joined(separator: "+"))", $0, largest) }
        entries.append(entry("all of \(explanation.layer)", whole, largest))
        let bars = Bars(entries: entries, width: panel.contentWidth, size: Panel.textSize(width: width))
        return try panel.around(bars.sketch(typeface), typeface).png(title: title, limit: limit)
    }

    private var caption: String {
        let images = Float(max(1, explanation.images))
        let shown =
            explanation.falls.count > Self.barLimit
            ? "the \(Self.barLimit) of \(explanation.falls.count) removals that lower it most" : "every removal"
        return """
            Fall of top-1 accuracy, in percentage points, on \(explanation.images) images (unablated \
            \(Numbers.percent(Float(explanation.top1) / images))), with its 95 % interval and the number of answers that \
            change: \(shown), and the whole layer.
            """
    }

    private func entry(_ name: String, _ fall: AccuracyFall, _ largest: Double) -> Bars.Entry {
        let difference = fall.top1.difference
        let interval = "\(Self.points(difference.low)) … \(Self.points(difference.high))"
        let colors = ColorMap.diverging(1)
        return Bars.Entry(
            label: "\(name)  (\(interval); \(fall.flips.count) changed)",
            share: largest > 0 ? Float(difference.value / largest) : 0, value: Self.points(difference.value),
            color: colors.color(difference.value < 0 ? -0.7 : 0.7))
    }

    private static func points(_ value: Double) -> String { Numbers.signed(Float(value * 100), 1) }
}
