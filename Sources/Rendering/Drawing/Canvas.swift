import Imaging

/// A picture in the making: 8-bit RGB, drawn on from the top left; what falls outside is cut off.
struct Canvas: Sendable {
    let width: Int
    let height: Int
    private(set) var pixels: [UInt8]
    /// Where it may be drawn on; the whole of it unless a part of a picture is being drawn.
    private(set) var clip: Area

    init(width: Int, height: Int, background: Color = .white) {
        precondition(width >= 1 && height >= 1, "a canvas of \(width) × \(height)")
        self.width = width
        self.height = height
        clip = Area(x: 0, y: 0, width: width, height: height)
        var row: [UInt8] = []
        for _ in 0..<width { row += [background.red, background.green, background.blue] }
        pixels = []
        pixels.reserveCapacity(width * height * 3)
        for _ in 0..<height { pixels += row }
    }

    init(_ image: Image) {
        width = image.width
        height = image.height
        clip = Area(x: 0, y: 0, width: width, height: height)
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
            guard y >= clip.y, y < clip.bottom, x >= clip.x, x < clip.right else { return }
            let start = (y * width + x) * 3
            pixels[start] = newValue.red
            pixels[start + 1] = newValue.green
            pixels[start + 2] = newValue.blue
        }
    }

    mutating func fill(_ area: Area, _ color: Color) {
        let visible = area.intersection(clip)
        for y in visible.y..<visible.bottom {
            for x in visible.x..<visible.right { self[y, x] = color }
        }
    }

    /// Lays `color` over a pixel with `share` (0 … 1) of it.
    mutating func blend(y: Int, x: Int, _ color: Color, _ share: Float) {
        guard y >= clip.y, y < clip.bottom, x >= clip.x, x < clip.right else { return }
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
        let visible = Area(x: x, y: y, width: other.width, height: other.height).intersection(clip)
        let count = visible.width * 3
        for row in visible.y..<visible.bottom {
            let source = ((row - y) * other.width + visible.x - x) * 3
            let target = (row * width + visible.x) * 3
            pixels.replaceSubrange(target..<(target + count), with: other.pixels[source..<(source + count)])
        }
    }

    /// Lets `body` draw within `area` alone.
    mutating func clipped(to area: Area, _ body: (inout Canvas) -> Void) {
        let before = clip
        clip = area.intersection(before)
        body(&self)
        clip = before
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

    /// What both cover; of no size where that is nothing.
    func intersection(_ other: Area) -> Area {
        let (left, top) = (max(x, other.x), max(y, other.y))
        return Area(
            x: left, y: top, width: max(0, min(right, other.right) - left),
            height: max(0, min(bottom, other.bottom) - top))
    }
}
