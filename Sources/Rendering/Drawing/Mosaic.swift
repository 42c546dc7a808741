/// Cells of one size in rows, each with a label below.
struct Mosaic {
    let width: Int
    let size: Int
    let columns: Int
    private let gap: Int

    /// A mosaic of `count` cells, about square unless `columns` is told.
    init(count: Int, width: Int, size: Int, columns: Int? = nil) {
        self.width = width
        self.size = size
        gap = max(2, size / 3)
        var side = 1
        while side * side < count { side += 1 }
        self.columns = columns ?? min(side, max(1, count))
    }

    /// The width of one cell.
    var cellWidth: Int { max(4, (width - (columns - 1) * gap) / columns) }

    /// The cells, each `cellWidth` wide, with their labels of some lines.
    func drawn(_ cells: [(canvas: Canvas, label: [String])], _ typeface: Typeface) -> Canvas {
        let cellHeight = cells.map(\.canvas.height).max() ?? 1
        let labelSize = min(size, max(8, cellWidth / 8))
        let labelHeight = (cells.map(\.label.count).max() ?? 0) * labelSize * 13 / 10 + gap
        let rows = (cells.count + columns - 1) / columns
        var canvas = Canvas(width: width, height: max(1, rows * (cellHeight + labelHeight)))
        for (index, cell) in cells.enumerated() {
            let x = index % columns * (cellWidth + gap)
            let y = index / columns * (cellHeight + labelHeight)
            canvas.draw(cell.canvas, x: x, y: y)
            for (line, text) in cell.label.enumerated() {
                let words = typeface.fitted(text, size: labelSize, width: cellWidth)
                canvas.write(
                    words, x: x, baseline: y + cellHeight + labelSize + line * labelSize * 13 / 10, size: labelSize,
                    typeface)
            }
        }
        return canvas
    }
}
