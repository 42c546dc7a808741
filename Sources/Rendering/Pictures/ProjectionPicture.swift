public import Explainers
import Imaging
import Tensors

/// DeconvNet projections as pictures: zero is mid-grey, and one stated scale serves all channels of a projection.
public struct ProjectionPicture: Sendable {
    private let explanation: DeconvNetExplanation
    private let photo: Photo

    /// How projections are shown.
    public enum View: String, CaseIterable, Sendable {
        /// The whole projection, its receptive field framed.
        case projection
        /// Cropped to the receptive field, beside the patch of the photo that it comes from (the paper's figure 2).
        case pair
        /// Laid over the photo.
        case overlay
    }

    /// Pictures of `explanation`, which was made on `photo`.
    public init(_ explanation: DeconvNetExplanation, photo: Photo) {
        self.explanation = explanation
        self.photo = photo
    }

    /// The picture as PNG, `width` pixels wide (640, or 960 for several, unless told).
    ///
    /// - Throws: ``RenderingError`` where the picture would have more than `limit` pixels.
    public func png(_ view: View, width: Int?, limit: Int) throws(RenderingError) -> [UInt8] {
        let typeface = Typeface()
        let projections = explanation.projections
        let width = width ?? (projections.count == 1 ? 640 : 960)
        let size = projections.count == 1 ? Panel.textSize(width: width) : Panel.denseTextSize(width: width)
        let panel = Panel(title: title(view), caption: caption(view), width: width, size: size)
        let content: Sketch
        if projections.count == 1, let only = projections.first {
            content = cell(only, view, width: panel.contentWidth)
        } else {
            let mosaic = Mosaic(
                count: projections.count, width: panel.contentWidth, size: size,
                columns: view == .pair ? pairColumns(projections.count) : nil)
            content = mosaic.sketch(
                projections.map { (cell($0, view, width: mosaic.cellWidth), label($0)) }, typeface)
        }
        return try panel.around(content, typeface).png(title: title(view), limit: limit)
    }

    /// Pairs are twice as wide as high.
    private func pairColumns(_ count: Int) -> Int { count <= 2 ? 1 : count <= 6 ? 2 : 3 }

    private func cell(_ projection: Projection, _ view: View, width: Int) -> Sketch {
        let field = projection.receptiveField
        let half = (width - max(2, width / 40)) / 2
        let height =
            view == .pair
            ? Sketch.height(field.height, by: field.width, at: half)
            : Sketch.height(photo.image.height, by: photo.image.width, at: width)
        return Sketch(width: width, height: height) {
            let drawn = photo.projection(projection.values, scale: projection.scale)
            switch view {
            case .projection:
                var canvas = Canvas(drawn, width: width)
                canvas.frame(scaled(field, to: canvas), .white, thickness: max(1, width / 320))
                canvas.frame(Area(x: 0, y: 0, width: canvas.width, height: canvas.height), .line)
                return canvas
            case .pair:
                var canvas = Canvas(width: width, height: height)
                canvas.draw(Canvas(drawn.cropped(field), width: half), x: 0, y: 0)
                canvas.draw(magnified(photo.image.cropped(field), width: half), x: width - half, y: 0)
                return canvas
            case .overlay: return overlay(projection, drawn, width: width)
            }
        }
    }

    /// A patch of the photo: smooth where there is something to recognise, its pixels as squares where they are few.
    private func magnified(_ patch: Image, width: Int) -> Canvas {
        patch.width < 16 ? Canvas(patch, width: width) : Canvas(photo: patch, width: width)
    }

    /// The photo, pale and grey, with the projection's colours where it is not zero.
    private func overlay(_ projection: Projection, _ drawn: Image, width: Int) -> Canvas {
        var canvas = Canvas(photo.image, width: width).grayed(toward: 0.35)
        let colors = Canvas(drawn, width: width)
        for y in 0..<canvas.height {
            for x in 0..<canvas.width {
                let color = colors[y, x]
                let strongest = [color.red, color.green, color.blue].map { abs(Float($0) - 127.5) / 127.5 }.max() ?? 0
                // The square root lets weak parts show: a projection is a few strong strokes and many faint ones.
                canvas.blend(y: y, x: x, color, strongest.squareRoot())
            }
        }
        canvas.frame(scaled(projection.receptiveField, to: canvas), .white, thickness: max(1, width / 320))
        return canvas
    }

    private func scaled(_ field: PixelRectangle, to canvas: Canvas) -> Area {
        let (x0, y0) = (field.x0 * canvas.width / photo.image.width, field.y0 * canvas.height / photo.image.height)
        let x1 = (field.x1 * canvas.width + photo.image.width - 1) / photo.image.width
        let y1 = (field.y1 * canvas.height + photo.image.height - 1) / photo.image.height
        return Area(x: x0, y: y0, width: x1 - x0, height: y1 - y0)
    }

    private func title(_ view: View) -> String {
        let layer = explanation.layer
        guard explanation.projections.count == 1, let only = explanation.projections.first else {
            return "DeconvNet projections of \(explanation.projections.count) feature maps of \(layer)"
        }
        return "DeconvNet projection: \(layer), feature map \(only.featureMap)"
    }

    private func caption(_ view: View) -> String {
        let place =
            switch view {
            case .projection: "The frame is the receptive field."
            case .pair: "Left the projection, right the patch of the photo, both cropped to the receptive field."
            case .overlay: "Drawn over the photo where it is not zero. The frame is the receptive field."
            }
        guard explanation.projections.count == 1, let only = explanation.projections.first else {
            return "Grey is zero, black and white − and + the scale below or beyond, in each channel. \(place)"
        }
        let unit = sentence(unitWords(only))
        let magnitude = Numbers.short(only.scale)
        let scale = "Grey is zero, black −\(magnitude) or less, white +\(magnitude) or more, in each channel."
        return "\(unit), activation \(Numbers.short(only.activation)). \(scale) \(place)"
    }

    private func unitWords(_ projection: Projection) -> String {
        projection.unit.map { "unit at y \($0.y), x \($0.x)" } ?? "the whole map"
    }

    private func sentence(_ words: String) -> String { words.prefix(1).uppercased() + words.dropFirst() }

    private func label(_ projection: Projection) -> [String] {
        [
            "Map \(projection.featureMap), \(unitWords(projection))",
            "Activation \(Numbers.short(projection.activation)), scale \(Numbers.short(projection.scale))",
        ]
    }
}
