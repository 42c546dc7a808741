/// What the colours of a picture mean.
enum Legend {
    /// A horizontal bar of `map` with the values at its ends and in its middle, and `title` above.
    static func bar(_ map: ColorMap, title: String, width: Int, size: Int, _ typeface: Typeface) -> Canvas {
        let barHeight = max(8, size * 3 / 4)
        var canvas = Canvas(width: width, height: size * 3 / 2 + barHeight + size * 3 / 2)
        canvas.write(
            typeface.fitted(title, size: size, width: width), x: 0, baseline: size, size: size, typeface)
        let bar = Area(x: 0, y: size * 3 / 2, width: width, height: barHeight)
        for x in 0..<width {
            let share = Float(x) / Float(max(1, width - 1))
            canvas.fill(Area(x: x, y: bar.y, width: 1, height: barHeight), map.color(share: share))
        }
        canvas.frame(bar, .line)
        let baseline = bar.bottom + size * 5 / 4
        canvas.write(Numbers.short(map.low), x: 0, baseline: baseline, size: size, typeface)
        canvas.write(
            Numbers.short((map.low + map.high) / 2), x: width / 2, baseline: baseline, size: size, alignment: .center,
            typeface)
        canvas.write(
            Numbers.short(map.high), x: width, baseline: baseline, size: size, alignment: .right, typeface)
        return canvas
    }

    /// Coloured squares with words, one a line.
    static func list(_ entries: [(Color, String)], width: Int, size: Int, _ typeface: Typeface) -> Canvas {
        let step = size * 3 / 2
        var canvas = Canvas(width: width, height: max(1, entries.count * step))
        for (index, entry) in entries.enumerated() {
            let square = Area(x: 0, y: index * step + size / 4, width: size, height: size)
            canvas.fill(square, entry.0)
            canvas.frame(square, .line)
            let words = typeface.fitted(entry.1, size: size, width: width - size * 3 / 2)
            canvas.write(words, x: size * 3 / 2, baseline: index * step + size * 9 / 8, size: size, typeface)
        }
        return canvas
    }
}
