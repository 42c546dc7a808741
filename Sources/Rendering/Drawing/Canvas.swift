import Imaging

/// A picture in the making: 8-bit RGB, drawn on from the top left; what falls outside is cut off.
struct Canvas: Sendable {
    let width: Int
    let height: Int
    private(set) var pixels: [UInt8]

    init(width: Int, height: Int, background: Color = .white) {
        precondition(width >= 1 && height >= 1, "a canvas of \(width) × \(height)")
        self.width = width
        self.height = height
        var row: [UInt8] = []
        for _ in 0..<width { row += [background.red, background.green, background.blue] }
        pixels = []
        pixels.reserveCapacity(width * height * 3)
        for _ in 0..<height { pixels += row }
    }

    init(_ image: Image) {
        width = image.width
        height = image.height
        pixels = image.pixels
    }

    /// The finished picture.
    var image: Image { Image(width: width, height: height, pixels: pixels) }

    subscript(y: Int, x: Int) -> Color {
        get {
            let start = (y * width + x) * 3
            return Color(pixels[start], pixels[start + 1], pixels[start + 2])
        }
        set {
            guard y >= 0, y < height, x >= 0, x < width else { return }
            let start = (y * width + x) * 3
            pixels[start] = newValue.red
            pixels[start + 1] = newValue.green
            pixels[start + 2] = newValue.blue
        }
    }

    mutating func fill(_ area: Area, _ color: Color) {
        for y in max(0, area.y)..<max(0, min(height, area.y + area.height), max(0, area.y)) {
            for x in max(0, area.x)..<max(0, min(width, area.x + area.width), max(0, area.x)) { self[y, x] = color }
        }
    }

    /// Lays `color` over a pixel with `share` (0 … 1) of it.
    mutating func blend(y: Int, x: Int, _ color: Color, _ share: Float) {
        guard y >= 0, y < height, x >= 0, x < width else { return }
        self[y, x] = self[y, x].mixed(with: color, share)
    }

    /// A frame just inside `area`.
    mutating func frame(_ area: Area, _ color: Color, thickness: Int = 1) {
        fill(Area(x: area.x, y: area.y, width: area.width, height: thickness), color)
        fill(Area(x: area.x, y: area.bottom - thickness, width: area.width, height: thickness), color)
        fill(Area(x: area.x, y: area.y, width: thickness, height: area.height), color)
        fill(Area(x: area.right - thickness, y: area.y, width: thickness, height: area.height), color)
    }

    /// Draws `other` with its top left corner at (x, y).
    mutating func draw(_ other: Canvas, x: Int, y: Int) {
        let columns = max(0, -x)..<max(0, -x, min(other.width, width - x))
        for row in max(0, -y)..<max(0, -y, min(other.height, height - y)) {
            let source = (row * other.width + columns.lowerBound) * 3
            let target = ((y + row) * width + x + columns.lowerBound) * 3
            let count = columns.count * 3
            pixels.replaceSubrange(target..<(target + count), with: other.pixels[source..<(source + count)])
        }
    }

    /// The canvas at another size: every pixel a rectangle, with nothing in between.
    func enlarged(width newWidth: Int, height newHeight: Int) -> Canvas {
        var result: [UInt8] = []
        result.reserveCapacity(newWidth * newHeight * 3)
        // A line of its own, made once for all the rows that are alike: within one array it would cost a copy of all.
        var line: [UInt8] = []
        var lineRow = -1
        for y in 0..<newHeight {
            let row = y * height / newHeight
            if row != lineRow {
                lineRow = row
                line.removeAll(keepingCapacity: true)
                for x in 0..<newWidth {
                    let color = self[row, x * width / newWidth]
                    line.append(color.red)
                    line.append(color.green)
                    line.append(color.blue)
                }
            }
            result += line
        }
        return Canvas(Image(width: newWidth, height: newHeight, pixels: result))
    }
}

/// A rectangle of a canvas.
struct Area: Hashable, Sendable {
    var x: Int
    var y: Int
    var width: Int
    var height: Int

    var right: Int { x + width }
    var bottom: Int { y + height }
}
