import Imaging

/// A part of a picture that is not drawn yet.
///
/// Its size is known first, so that a whole picture is measured, and refused where it is too large, before a pixel of
/// it takes room.
struct Sketch {
    let width: Int
    let height: Int
    private let body: (inout Canvas, _ x: Int, _ y: Int) -> Void

    /// A part that `body` draws with its top left corner at a place of the canvas it is given.
    init(width: Int, height: Int, _ body: @escaping (inout Canvas, _ x: Int, _ y: Int) -> Void) {
        self.width = width
        self.height = height
        self.body = body
    }

    /// A part with a canvas of its own, made when it is needed and gone when it has been copied.
    init(width: Int, height: Int, canvas: @escaping () -> Canvas) {
        self.init(width: width, height: height) { target, x, y in
            let own = canvas()
            precondition(
                own.width == width && own.height == height,
                "a canvas of \(own.width) × \(own.height) for a sketch of \(width) × \(height)")
            target.draw(own, x: x, y: y)
        }
    }

    /// The height of what is `height` by `width` in its own measure, where it is drawn `newWidth` pixels wide.
    static func height(_ height: Int, by width: Int, at newWidth: Int) -> Int {
        max(1, (height * newWidth + width / 2) / width)
    }

    /// Draws it with its top left corner at (x, y); what falls outside of it is cut off.
    func draw(on canvas: inout Canvas, x: Int, y: Int) {
        canvas.clipped(to: Area(x: x, y: y, width: width, height: height)) { body(&$0, x, y) }
    }

    /// The picture as a PNG file, its title inside the file too.
    ///
    /// - Throws: ``RenderingError`` where it has more than `limit` pixels, before anything is drawn.
    func png(title: String, limit: Int) throws(RenderingError) -> [UInt8] {
        try RenderingError.check(width: width, height: height, limit: limit)
        var canvas = Canvas(width: width, height: height)
        draw(on: &canvas, x: 0, y: 0)
        return PNGEncoder.encode(canvas.image, text: PNGText(title: title, description: nil))
    }
}
