import Explainers
import Imaging
import Tensors

/// The paper's figure 7 in one picture.
extension OcclusionPicture {
    /// The paper's five panels (a to e), and the fall over the photo (f): three in a row, fewer on a narrow picture.
    func figure(width: Int, _ typeface: Typeface) -> Sketch {
        let size = Panel.denseTextSize(width: width)
        let panel = Panel(title: title(.figure), caption: caption, width: width, size: size)
        let columns = width >= 600 ? 3 : width >= 360 ? 2 : 1
        let gap = size * 3 / 2
        let cell = (panel.contentWidth - (columns - 1) * gap) / columns
        let panels = self.panels(width: cell, size: size, typeface)
        let rows = stride(from: 0, to: panels.count, by: columns).map { panels[$0..<min(panels.count, $0 + columns)] }
        let heights = rows.map { row in size * 2 + (row.map(\.1.height).max() ?? 0) + gap }
        let content = Sketch(width: panel.contentWidth, height: heights.reduce(0, +) - gap) { canvas, left, top in
            var top = top
            for (row, height) in zip(rows, heights) {
                for (column, item) in row.enumerated() {
                    let x = left + column * (cell + gap)
                    let words = typeface.fitted(item.0, size: size, width: cell)
                    canvas.write(words, x: x, baseline: top + size, size: size, typeface)
                    item.1.draw(on: &canvas, x: x, y: top + size * 3 / 2)
                }
                top += height
            }
        }
        return panel.around(content, typeface)
    }

    private func panels(width: Int, size: Int, _ typeface: Typeface) -> [(String, Sketch)] {
        let activity = explanation.activity
        func drawn(_ view: View) -> Sketch { content(view, width: width, size: size, typeface) }
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
    private func patched(width: Int) -> Sketch {
        Sketch(width: width, height: Sketch.height(photo.image.height, by: photo.image.width, at: width)) {
            patchedPhoto(width: width)
        }
    }

    private func patchedPhoto(width: Int) -> Canvas {
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

    private func projection(width: Int, size: Int, _ typeface: Typeface) -> Sketch {
        guard let projection = explanation.activity.projection else {
            let words = explanation.activity.refusal ?? "not defined for this model"
            return Sketch(width: width, height: width) {
                var canvas = Canvas(width: width, height: width, background: Color(0xF0F2F4))
                for (index, line) in typeface.lines(words, size: size, width: width - 2 * size).enumerated() {
                    canvas.write(line, x: size, baseline: (index + 2) * size * 3 / 2, size: size, typeface)
                }
                return canvas
            }
        }
        let height = Sketch.height(photo.image.height, by: photo.image.width, at: width)
        let words = "grey 0, black and white from ±\(Numbers.short(projection.scale))"
        return Sketch(width: width, height: height + size * 2) {
            var canvas = Canvas(width: width, height: height + size * 2)
            let drawn = photo.projection(projection.values, scale: projection.scale)
            canvas.draw(Canvas(drawn, width: width), x: 0, y: 0)
            canvas.write(
                typeface.fitted(words, size: size, width: width), x: 0, baseline: height + size * 3 / 2, size: size,
                typeface)
            return canvas
        }
    }
}
