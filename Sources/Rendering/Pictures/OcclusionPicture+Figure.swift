import Explainers
import Imaging
import Tensors

/// The paper's figure 7 in one picture.
extension OcclusionPicture {
    /// The paper's five panels (a to e), and the fall over the photo (f): three in a row, fewer on a narrow picture.
    func figure(width: Int, _ typeface: Typeface) -> Canvas {
        let size = Panel.denseTextSize(width: width)
        let panel = Panel(title: title(.figure), caption: caption, width: width, size: size)
        let columns = width >= 600 ? 3 : width >= 360 ? 2 : 1
        let gap = size * 3 / 2
        let cell = (panel.contentWidth - (columns - 1) * gap) / columns
        let panels = self.panels(width: cell, size: size, typeface)
        let rows = stride(from: 0, to: panels.count, by: columns).map { panels[$0..<min(panels.count, $0 + columns)] }
        let heights = rows.map { row in size * 2 + (row.map(\.1.height).max() ?? 0) + gap }
        var canvas = Canvas(width: panel.contentWidth, height: heights.reduce(0, +) - gap)
        var top = 0
        for (row, height) in zip(rows, heights) {
            for (column, item) in row.enumerated() {
                let x = column * (cell + gap)
                canvas.write(
                    typeface.fitted(item.0, size: size, width: cell), x: x, baseline: top + size, size: size, typeface)
                canvas.draw(item.1, x: x, y: top + size * 3 / 2)
            }
            top += height
        }
        return panel.around(canvas, typeface)
    }

    private func panels(width: Int, size: Int, _ typeface: Typeface) -> [(String, Canvas)] {
        let activity = explanation.activity
        func drawn(_ view: View) -> Canvas { content(view, width: width, size: size, typeface) }
        return [
            ("a  Input; hiding this patch hurts most", patched(width: width)),
            ("b  Activity of \(activity.layer), map \(activity.featureMap)", drawn(.activity)),
            ("c  Projection of its strongest unit", projection(width: width, size: size, typeface)),
            ("d  \(explanation.of == .probability ? "Probability" : "Logit") of “\(target)”", drawn(.occluded)),
            ("e  Most probable class", drawn(.topClass)),
            ("f  Fall, over the photo", drawn(.overlay)),
        ]
    }

    /// The photo with the patch where the class falls most (the first such position).
    private func patched(width: Int) -> Canvas {
        var canvas = Canvas(photo: photo.image, width: width)
        let values = delta.values
        let worst = values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
        let grid = explanation.grid
        let patch = grid.rectangle(row: worst / grid.columns, column: worst % grid.columns)
        let area = Area(
            x: patch.x0 * canvas.width / grid.width, y: patch.y0 * canvas.height / grid.height,
            width: max(1, patch.width * canvas.width / grid.width),
            height: max(1, patch.height * canvas.height / grid.height))
        canvas.fill(area, fillColor)
        canvas.frame(area, .white)
        return canvas
    }

    /// The patch's own colour where it is known; mid-grey for a fill in the network's units.
    private var fillColor: Color {
        guard explanation.fill.units == .pixel, let first = explanation.fill.values.first else { return .middleGray }
        let values = explanation.fill.values.count == 3 ? explanation.fill.values : [first, first, first]
        let levels = values.map { UInt8(min(255, max(0, $0.rounded()))) }
        return Color(levels[0], levels[1], levels[2])
    }

    private func projection(width: Int, size: Int, _ typeface: Typeface) -> Canvas {
        guard let projection = explanation.activity.projection else {
            var canvas = Canvas(width: width, height: width, background: Color(0xF0F2F4))
            let words = explanation.activity.refusal ?? "not defined for this model"
            for (index, line) in typeface.lines(words, size: size, width: width - 2 * size).enumerated() {
                canvas.write(line, x: size, baseline: (index + 2) * size * 3 / 2, size: size, typeface)
            }
            return canvas
        }
        let drawn = photo.projection(projection.values, scale: projection.scale)
        let picture = Canvas(drawn, width: width)
        let words = "grey is 0, black and white ±\(Numbers.short(projection.scale)) or beyond"
        var canvas = Canvas(width: width, height: picture.height + size * 2)
        canvas.draw(picture, x: 0, y: 0)
        canvas.write(
            typeface.fitted(words, size: size, width: width), x: 0, baseline: picture.height + size * 3 / 2, size: size,
            typeface)
        return canvas
    }
}
