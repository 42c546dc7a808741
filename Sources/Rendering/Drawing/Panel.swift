/// A picture with a title above and a caption below: the frame that all views share.
///
/// Sizes follow from the width alone, so that a picture twice as wide has letters twice as large.
struct Panel {
    let title: String
    let caption: String
    let width: Int
    /// The size of its letters.
    let size: Int

    /// A panel with letters of `size`; nil: as large as suits one picture of that width.
    init(title: String, caption: String, width: Int, size: Int? = nil) {
        self.title = title
        self.caption = caption
        self.width = width
        self.size = size ?? Panel.textSize(width: width)
    }

    /// The size of letters for a picture of that width.
    static func textSize(width: Int) -> Int { max(10, min(80, (width + 20) / 44)) }

    /// The same for a picture of many parts, whose words must fit the parts.
    static func denseTextSize(width: Int) -> Int { max(9, min(60, width / 64)) }

    /// The width that is left for what a panel of that width and letters of `size` holds.
    static func contentWidth(of width: Int, size: Int) -> Int { max(16, width - 2 * size) }

    private var titleSize: Int { size * 5 / 4 }
    private var margin: Int { size }

    /// The width that is left for what the panel holds.
    var contentWidth: Int { Panel.contentWidth(of: width, size: size) }

    /// The panel around `content`, which is `contentWidth` wide.
    func around(_ content: Sketch, _ typeface: Typeface) -> Sketch {
        let titles = typeface.lines(title, size: titleSize, width: contentWidth)
        let captions = typeface.lines(caption, size: size, width: contentWidth)
        let (titleStep, captionStep) = (titleSize * 13 / 10, size * 14 / 10)
        let top = margin + titles.count * titleStep + (titles.isEmpty ? 0 : size / 2)
        let below = captions.isEmpty ? 0 : size * 2 / 3 + captions.count * captionStep
        return Sketch(width: width, height: top + content.height + below + margin) { canvas, x, y in
            for (index, line) in titles.enumerated() {
                let baseline = y + margin + titleSize + index * titleStep
                canvas.write(line, x: x + margin, baseline: baseline, size: titleSize, typeface)
            }
            content.draw(on: &canvas, x: x + margin + (contentWidth - content.width) / 2, y: y + top)
            for (index, line) in captions.enumerated() {
                let baseline = y + top + content.height + size * 2 / 3 + size + index * captionStep
                canvas.write(line, x: x + margin, baseline: baseline, size: size, color: .faintInk, typeface)
            }
        }
    }
}
