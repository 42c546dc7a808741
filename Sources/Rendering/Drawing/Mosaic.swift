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
        gap = max(2, size / 2)
        var side = 1
        while side * side < count { side += 1 }
        self.columns = columns ?? min(side, max(1, count))
    }

    /// The width of one cell.
    var cellWidth: Int { max(4, (width - (columns - 1) * gap) / columns) }

    /// The cells, each `cellWidth` wide, with their labels of some lines, in letters as large as fit all of them.
    func sketch(_ cells: [(sketch: Sketch, label: [String])], _ typeface: Typeface) -> Sketch {
        let labelSize = self.labelSize(cells.flatMap(\.label), typeface)
        let step = labelSize * 13 / 10
        let labelHeight = (cells.map(\.label.count).max() ?? 0) * step + gap + labelSize / 2
        let rows = (0..<((cells.count + columns - 1) / columns)).map { row in
            cells[(row * columns)..<min(cells.count, (row + 1) * columns)]
        }
        let heights = rows.map { row in (row.map(\.sketch.height).max() ?? 1) + labelHeight }
        return Sketch(width: width, height: max(1, heights.reduce(0, +) - gap)) { canvas, left, top in
            var top = top
            for (row, height) in zip(rows, heights) {
                for (column, cell) in row.enumerated() {
                    let x = left + column * (cellWidth + gap)
                    cell.sketch.draw(on: &canvas, x: x, y: top)
                    for (line, text) in cell.label.enumerated() {
                        let words = typeface.fitted(text, size: labelSize, width: cellWidth)
                        let baseline = top + height - labelHeight + labelSize + labelSize / 4 + line * step
                        canvas.write(words, x: x, baseline: baseline, size: labelSize, typeface)
                    }
                }
                top += height
            }
        }
    }

    /// Whether no label has to be cut.
    func hasRoom(for labels: [[String]], _ typeface: Typeface) -> Bool {
        labels.allSatisfy { $0.allSatisfy { typeface.width(of: $0, size: Self.leastSize) <= cellWidth } }
    }

    /// Letters below which nobody reads.
    private static let leastSize = 8

    /// At most `size`, and at least what can be read (longer labels are cut then).
    private func labelSize(_ labels: [String], _ typeface: Typeface) -> Int {
        var fitting = max(Self.leastSize, size)
        while fitting > Self.leastSize, labels.contains(where: { typeface.width(of: $0, size: fitting) > cellWidth }) {
            fitting -= 1
        }
        return fitting
    }
}
