/// Horizontal bars, each under its label; bars below zero go to the left.
struct Bars {
    let entries: [Entry]
    let width: Int
    let size: Int

    struct Entry {
        let label: String
        /// −1 … 1, of the full length.
        let share: Float
        let value: String
        let color: Color
    }

    func sketch(_ typeface: Typeface) -> Sketch {
        Sketch(width: width, height: max(1, entries.count * step)) { canvas, x, y in
            draw(on: &canvas, x: x, y: y, typeface)
        }
    }

    private var step: Int { size * 11 / 4 }

    private func draw(on canvas: inout Canvas, x: Int, y: Int, _ typeface: Typeface) {
        let valueWidth = (entries.map { typeface.width(of: $0.value, size: size) }.max() ?? 0) + size / 2
        let room = max(8, width - valueWidth)
        let negative = entries.contains { $0.share < 0 }
        let zero = negative ? room / 3 : 0
        for (index, entry) in entries.enumerated() {
            let top = y + index * step
            canvas.write(
                typeface.fitted(entry.label, size: size, width: width), x: x, baseline: top + size, size: size, typeface
            )
            let length = Int((min(1, abs(entry.share)) * Float(entry.share < 0 ? zero : room - zero)).rounded())
            let bar = Area(
                x: x + (entry.share < 0 ? zero - length : zero), y: top + size * 5 / 4, width: max(1, length),
                height: size)
            canvas.fill(Area(x: x, y: bar.y, width: room, height: size), Color(0xF0F2F4))
            canvas.fill(bar, entry.color)
            if negative { canvas.fill(Area(x: x + zero, y: bar.y, width: 1, height: size), .faintInk) }
            canvas.write(
                entry.value, x: x + width, baseline: bar.y + size * 7 / 8, size: size, alignment: .right, typeface)
        }
    }
}
