/// What the colours of a picture mean.
enum Legend {
    /// A horizontal bar of `map` with the values at its ends and, where there is room, in its middle; `title` above.
    static func bar(_ map: ColorMap, title: String, width: Int, size: Int, _ typeface: Typeface) -> Sketch {
        let isTooNarrow = title.split(separator: " ").contains { typeface.width(of: String($0), size: size) > width }
        let titles =
            isTooNarrow
            ? [typeface.fitted(title, size: size, width: width)] : typeface.lines(title, size: size, width: width)
        let (step, barHeight) = (size * 5 / 4, max(6, size * 3 / 4))
        let bar = Area(x: 0, y: titles.count * step + size / 4, width: width, height: barHeight)
        let height = bar.bottom + size * 3 / 2
        return Sketch(width: width, height: height) {
            var canvas = Canvas(width: width, height: height)
            for (index, line) in titles.enumerated() {
                canvas.write(line, x: 0, baseline: size + index * step, size: size, typeface)
            }
            for x in 0..<width {
                let share = Float(x) / Float(max(1, width - 1))
                canvas.fill(Area(x: x, y: bar.y, width: 1, height: barHeight), map.color(share: share))
            }
            canvas.frame(bar, .line)
            writeValues(of: map, on: &canvas, baseline: bar.bottom + size * 5 / 4, size: size, typeface)
            return canvas
        }
    }

    private static func writeValues(
        of map: ColorMap, on canvas: inout Canvas, baseline: Int, size: Int, _ typeface: Typeface
    ) {
        let width = canvas.width
        let words = [map.low, (map.low + map.high) / 2, map.high].map(Numbers.short)
        let widths = words.map { typeface.width(of: $0, size: size) + size / 2 }
        let rooms = [width / 2 - widths[0], width / 2 - widths[2]].map { $0 - widths[1] / 2 }
        canvas.write(words[0], x: 0, baseline: baseline, size: size, typeface)
        if rooms.allSatisfy({ $0 >= 0 }) {
            canvas.write(words[1], x: width / 2, baseline: baseline, size: size, alignment: .center, typeface)
        }
        if widths[0] + widths[2] <= width {
            canvas.write(words[2], x: width, baseline: baseline, size: size, alignment: .right, typeface)
        }
    }

    /// One line of a list: a coloured square, what it stands for, and a number at the right edge.
    struct Entry {
        let color: Color
        let label: String
        let value: String
    }

    /// Coloured squares with words, one a line.
    static func list(_ entries: [Entry], width: Int, size: Int, _ typeface: Typeface) -> Sketch {
        let step = size * 3 / 2
        let height = max(1, entries.count * step)
        return Sketch(width: width, height: height) {
            var canvas = Canvas(width: width, height: height)
            for (index, entry) in entries.enumerated() {
                draw(entry, on: &canvas, top: index * step, size: size, typeface)
            }
            return canvas
        }
    }

    private static func draw(_ entry: Entry, on canvas: inout Canvas, top: Int, size: Int, _ typeface: Typeface) {
        let width = canvas.width
        let square = Area(x: 0, y: top + size / 4, width: size, height: size)
        canvas.fill(square, entry.color)
        canvas.frame(square, .line)
        let baseline = top + size * 9 / 8
        let valueWidth = entry.value.isEmpty ? 0 : typeface.width(of: entry.value, size: size) + size
        let room = width - size * 3 / 2 - valueWidth
        let label = typeface.fitted(entry.label, size: size, width: max(room, width / 3))
        canvas.write(label, x: size * 3 / 2, baseline: baseline, size: size, typeface)
        guard room >= width / 3 else { return }
        canvas.write(
            entry.value, x: width, baseline: baseline, size: size, color: .faintInk, alignment: .right, typeface)
    }
}
