/// Text on a canvas, one line at a time.
extension Canvas {
    /// How text stands to the point it is given.
    enum Alignment: Sendable { case left, center, right }

    /// Draws one line of text, its baseline at `baseline`.
    mutating func write(
        _ text: String, x: Int, baseline: Int, size: Int, color: Color = .ink, alignment: Alignment = .left,
        _ typeface: Typeface
    ) {
        let width = typeface.width(of: text, size: size)
        var pen =
            switch alignment {
            case .left: x * 64
            case .center: x * 64 - width * 32
            case .right: (x - width) * 64
            }
        for scalar in text.unicodeScalars {
            let glyph = typeface.glyph(scalar, size: size)
            stamp(glyph, x: (pen + 32) >> 6, baseline: baseline, color)
            pen += glyph.advance
        }
    }

    private mutating func stamp(_ glyph: Typeface.Glyph, x: Int, baseline: Int, _ color: Color) {
        for row in 0..<glyph.rows {
            for column in 0..<glyph.columns {
                let coverage = glyph.coverage[row * glyph.columns + column]
                guard coverage > 0 else { continue }
                blend(y: baseline - glyph.top + row, x: x + glyph.left + column, color, Float(coverage) / 255)
            }
        }
    }
}

extension Typeface {
    /// The width of `text` in whole pixels.
    func width(of text: String, size: Int) -> Int {
        (text.unicodeScalars.reduce(0) { $0 + glyph($1, size: size).advance } + 63) / 64
    }

    /// `text`, cut with an ellipsis so that it is at most `width` pixels wide.
    func fitted(_ text: String, size: Int, width: Int) -> String {
        guard self.width(of: text, size: size) > width else { return text }
        var cut = text
        while !cut.isEmpty, self.width(of: cut + "…", size: size) > width { cut.removeLast() }
        return cut + "…"
    }

    /// `text` broken at spaces into lines of at most `width` pixels; a longer word is broken where it must be.
    func lines(_ text: String, size: Int, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            let longer = line.isEmpty ? String(word) : line + " " + word
            if self.width(of: longer, size: size) <= width {
                line = longer
                continue
            }
            if !line.isEmpty { lines.append(line) }
            line = ""
            for character in word {
                if !line.isEmpty, self.width(of: line + String(character), size: size) > width {
                    lines.append(line)
                    line = ""
                }
                line.append(character)
            }
        }
        return line.isEmpty ? lines : lines + [line]
    }
}
