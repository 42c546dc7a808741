public import Explainers
import Imaging
import Tensors

/// What an occlusion sweep shows, as pictures (Zeiler & Fergus, figure 7).
public struct OcclusionPicture: Sendable {
    let explanation: OcclusionExplanation
    let photo: Photo

    /// Which part of the explanation is shown.
    public enum View: String, CaseIterable, Sendable {
        /// How far the class falls, over the photo.
        case overlay
        /// The same without the photo.
        case heatmap
        /// The class's probability or logit with the patch in place.
        case occluded
        /// The most probable class with the patch in place.
        case topClass = "top_class"
        /// The summed activity of the strongest feature map.
        case activity
        /// All five panels of the paper's figure.
        case figure
    }

    /// Pictures of `explanation`, which was made on `photo`.
    public init(_ explanation: OcclusionExplanation, photo: Photo) {
        self.explanation = explanation
        self.photo = photo
    }

    /// The picture as PNG, `width` pixels wide (640, or 1200 for the figure, unless told).
    ///
    /// - Throws: ``RenderingError`` where the picture would have more than `limit` pixels.
    public func png(_ view: View, width: Int?, limit: Int) throws(RenderingError) -> [UInt8] {
        let typeface = Typeface()
        let width = width ?? (view == .figure ? 1200 : 640)
        if view == .figure {
            return try figure(width: width, typeface).png(title: "Occlusion of \(target)", limit: limit)
        }
        let panel = Panel(title: title(view), caption: caption, width: width)
        let content = self.content(view, width: panel.contentWidth, size: Panel.textSize(width: width), typeface)
        return try panel.around(content, typeface).png(title: title(view), limit: limit)
    }

    /// The heatmap's cells alone as PNG, `width` pixels wide (the input's width unless told).
    ///
    /// For laying over the photo elsewhere: the more the class falls, the less transparent; where it does not fall, nothing.
    ///
    /// - Throws: ``RenderingError`` where the picture would have more than `limit` pixels.
    public func transparentHeatmap(width: Int?, limit: Int) throws(RenderingError) -> [UInt8] {
        let width = width ?? explanation.grid.width
        let height = self.height(at: width)
        try RenderingError.check(width: width, height: height, limit: limit)
        let cells = GridCells(explanation.grid, width: width, height: height)
        let colors = deltaColors
        let values = delta.values
        var pixels: [UInt8] = []
        pixels.reserveCapacity(width * height * 4)
        for row in cells.rows {
            for column in cells.columns {
                let value = values[row * explanation.grid.columns + column]
                let color = colors.color(value)
                let share = min(1, abs(value) / colors.high)
                pixels += [color.red, color.green, color.blue, UInt8((share.squareRoot() * 230).rounded())]
            }
        }
        let picture = ImageWithAlpha(width: width, height: height, pixels: pixels)
        return PNGEncoder.encode(picture, text: PNGText(title: title(.heatmap), description: nil))
    }

    /// A view without its frame of title and caption.
    func content(_ view: View, width: Int, size: Int, _ typeface: Typeface) -> Sketch {
        switch view {
        case .overlay, .figure: stacked(overlay(width: width), deltaLegend(width, size, typeface))
        case .heatmap: stacked(heatmap(delta, deltaColors, width: width), deltaLegend(width, size, typeface))
        case .occluded:
            stacked(
                heatmap(occluded, occludedColors, width: width),
                Legend.bar(
                    occludedColors, title: "\(explanation.of.rawValue), patch in place", width: width,
                    size: size, typeface))
        case .topClass: stacked(topClassMap(width: width), topClassLegend(width, size, typeface))
        case .activity:
            stacked(
                heatmap(explanation.activity.map, activityColors, width: width),
                Legend.bar(
                    activityColors,
                    title: "sum of the map; unoccluded \(Numbers.short(explanation.activity.unoccluded))", width: width,
                    size: size, typeface))
        }
    }

    private func stacked(_ map: Sketch, _ legend: Sketch) -> Sketch {
        let gap = max(4, map.width / 60)
        return Sketch(width: map.width, height: map.height + gap + legend.height) { canvas, x, y in
            map.draw(on: &canvas, x: x, y: y)
            legend.draw(on: &canvas, x: x, y: y + map.height + gap)
        }
    }

    /// The height of the network's input where it is drawn `width` pixels wide.
    func height(at width: Int) -> Int { Sketch.height(explanation.grid.height, by: explanation.grid.width, at: width) }
}
