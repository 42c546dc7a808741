import Explainers
import Imaging
import Tensors

/// The paper's figure 7 in one picture.
extension OcclusionPicture {
    /// Five panels in two rows: the photo with one patch, the activity, the projection; the overlay's map, the classes.
    func figure(width: Int, _ typeface: Typeface) -> Canvas {
        let size = max(10, Panel.textSize(width: width) * 3 / 4)
        let panel = Panel(title: title(.figure), caption: caption, width: width)
        let gap = size * 3 / 2
        let cell = (panel.contentWidth - 2 * gap) / 3
        let activity = explanation.activity
        let panels: [(String, Canvas)] = [
            ("a  Input, with the patch that hurts most", patched(width: cell)),
            (
                "b  Activity of \(activity.layer), map \(activity.featureMap)",
                content(.activity, width: cell, size: size, typeface)
            ),
            ("c  Projection of that map's strongest unit", projection(width: cell, size: size, typeface)),
            ("d  \(explanation.of.rawValue) of “\(target)”", content(.occluded, width: cell, size: size, typeface)),
            ("e  Most probable class", content(.topClass, width: cell, size: size, typeface)),
            ("f  Fall, over the photo", content(.overlay, width: cell, size: size, typeface)),
        ]
        let rows = [Array(panels[0..<3]), Array(panels[3..<6])]
        let heights = rows.map { row in size * 2 + (row.map(\.1.height).max() ?? 0) + gap }
        var canvas = Canvas(width: panel.contentWidth, height: heights.reduce(0, +))
        var top = 0
        for (row, height) in zip(rows, heights) {
            for (index, item) in row.enumerated() {
                let x = index * (cell + gap)
                canvas.write(
                    typeface.fitted(item.0, size: size, width: cell), x: x, baseline: top + size, size: size, typeface)
                canvas.draw(item.1, x: x, y: top + size * 2)
            }
            top += height
        }
        return panel.around(canvas, typeface)
    }

    /// The photo with the patch, in mid-grey, where the class falls most (the first such position).
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
        canvas.fill(area, .middleGray)
        canvas.frame(area, .white)
        return canvas
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
        let words = "grey is 0, black and white ±\(Numbers.short(projection.scale))"
        var canvas = Canvas(width: width, height: picture.height + size * 2)
        canvas.draw(picture, x: 0, y: 0)
        canvas.write(
            typeface.fitted(words, size: size, width: width), x: 0, baseline: picture.height + size * 3 / 2, size: size,
            typeface)
        return canvas
    }
}
