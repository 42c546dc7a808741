public import Explainers
import Tensors

/// What ablations show, as pictures.
public struct AblationPicture: Sendable {
    private let explanation: AblationExplanation

    /// How ablations are shown.
    public enum View: String, CaseIterable, Sendable {
        /// The removals that change the class most, as bars.
        case ranking
        /// One cell a removal, in index order, coloured by its delta.
        case grid
    }

    /// Pictures of `explanation`.
    public init(_ explanation: AblationExplanation) { self.explanation = explanation }

    /// The picture as PNG, `width` pixels wide (720 unless told).
    ///
    /// - Throws: ``RenderingError`` where the picture would have more than `limit` pixels.
    public func png(_ view: View, width: Int?, limit: Int) throws(RenderingError) -> [UInt8] {
        let typeface = Typeface()
        let width = width ?? 720
        let panel = Panel(title: title, caption: caption(view), width: width)
        let size = Panel.textSize(width: width)
        let content =
            switch view {
            case .ranking: ranking(width: panel.contentWidth, size: size, typeface)
            case .grid: grid(width: panel.contentWidth, size: size, typeface)
            }
        return try panel.around(content, typeface).png(title: title, limit: limit)
    }

    /// The most bars that a picture holds.
    private static let barLimit = 20

    private var target: String { explanation.target.label ?? "class \(explanation.target.classIndex)" }

    private var title: String { "“\(target)” without feature maps of \(explanation.layer)" }

    private func caption(_ view: View) -> String {
        let count = explanation.ablations.count
        let shown =
            switch view {
            case .ranking where count > AblationPicture.barLimit:
                """
                The \(AblationPicture.barLimit) of \(count) removals that lower it most, and the whole layer; an arrow \
                names the class that takes its place.
                """
            case .ranking: "Every removal, and the whole layer; an arrow names the class that takes its place."
            case .grid: "One cell a removal, in index order from the top left; red lowers the probability."
            }
        return "Fall in probability (unablated \(Numbers.percent(explanation.target.probability))). \(shown)"
    }

    private func ranking(width: Int, size: Int, _ typeface: Typeface) -> Sketch {
        let shown = explanation.ranked.prefix(AblationPicture.barLimit)
        let whole = explanation.layerRemoved
        let largest = (shown + [whole]).reduce(0) { max($0, abs($1.deltaProbability)) }
        var entries = shown.map { entry("map \(Self.name($0))", $0, largest) }
        entries.append(entry("all of \(explanation.layer)", whole, largest))
        return Bars(entries: entries, width: width, size: size).sketch(typeface)
    }

    private func entry(_ name: String, _ ablation: Ablation, _ largest: Float) -> Bars.Entry {
        let flipped = ablation.flipped ? "  → \(ablation.topLabel ?? "class \(ablation.topClass)")" : ""
        let colors = ColorMap.diverging(1)
        return Bars.Entry(
            label: name + flipped, share: largest > 0 ? ablation.deltaProbability / largest : 0,
            value: Numbers.signed(ablation.deltaProbability, 4),
            color: colors.color(ablation.deltaProbability < 0 ? -0.7 : 0.7))
    }

    private static func name(_ ablation: Ablation) -> String {
        ablation.featureMaps.map(String.init).joined(separator: "+")
    }

    private func grid(width: Int, size: Int, _ typeface: Typeface) -> Sketch {
        let count = explanation.ablations.count
        var columns = 1
        while columns * columns < count * 2 { columns += 1 }
        let rows = (count + columns - 1) / columns
        let side = max(2, width / columns)
        let colors = ColorMap.diverging(explanation.ablations.reduce(0) { max($0, abs($1.deltaProbability)) })
        let small = min(size, side / 3)
        let legend = Legend.bar(
            colors, title: "fall in probability of \(target)", width: width, size: size, typeface)
        return Sketch(width: width, height: rows * side + size + legend.height) { canvas, x, y in
            for (index, ablation) in explanation.ablations.enumerated() {
                let area = Area(
                    x: x + index % columns * side, y: y + index / columns * side, width: side - 1, height: side - 1)
                let color = colors.color(ablation.deltaProbability)
                canvas.fill(area, color)
                guard small >= 7 else { continue }
                let words = typeface.fitted(Self.name(ablation), size: small, width: side - 4)
                canvas.write(
                    words, x: area.x + 2, baseline: area.y + small + 1, size: small,
                    color: color.isDark ? .white : .ink, typeface)
            }
            legend.draw(on: &canvas, x: x, y: y + rows * side + size)
        }
    }
}
