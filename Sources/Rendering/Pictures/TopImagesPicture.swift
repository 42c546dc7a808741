public import Explainers
import Imaging
import Tensors

/// The images that excite feature maps most, as in the paper's figure 2: for each map a square of nine projections beside
/// the square of the nine patches that they come from.
public struct TopImagesPicture: Sendable {
    private let explanation: TopImagesExplanation
    private let isReversed: Bool

    /// Pictures of `explanation`.
    ///
    /// - Parameter isReversed: whether the network's channels are blue, green, red.
    public init(_ explanation: TopImagesExplanation, isReversed: Bool) {
        self.explanation = explanation
        self.isReversed = isReversed
    }

    /// Nine cells are a square of three.
    private static let side = 3

    /// The picture as PNG, `width` pixels wide (640 for one map, 1280 for several, unless told).
    ///
    /// - Throws: ``RenderingError`` where the picture would have more than `limit` pixels.
    public func png(width: Int?, limit: Int) throws(RenderingError) -> [UInt8] {
        let typeface = Typeface()
        let maps = explanation.maps
        let width = width ?? (maps.count == 1 ? 640 : 1280)
        let size = maps.count == 1 ? Panel.textSize(width: width) : Panel.denseTextSize(width: width)
        let panel = Panel(title: title, caption: caption, width: width, size: size)
        let mosaic = Mosaic(
            count: maps.count, width: panel.contentWidth, size: size, columns: maps.count == 1 ? 1 : 2)
        let content = mosaic.sketch(maps.map { (squares($0, width: mosaic.cellWidth), label($0)) }, typeface)
        return try panel.around(content, typeface).png(title: title, limit: limit)
    }

    private var title: String {
        maps.count == 1
            ? "What excites feature map \(maps[0].featureMap) of \(explanation.layer) most"
            : "What excites \(maps.count) feature maps of \(explanation.layer) most"
    }

    private var maps: [TopImages] { explanation.maps }

    private var caption: String {
        """
        Of \(explanation.images) images those with the strongest unit of the map, strongest first, by rows. Left the \
        projections, each to a scale of its own (grey is zero), right the patches, both cropped to the receptive field.
        """
    }

    private func label(_ map: TopImages) -> [String] {
        let activations = map.exciters.map(\.projection.activation)
        guard let first = activations.first, let last = activations.last else {
            return ["Map \(map.featureMap): no image excites it"]
        }
        return ["Map \(map.featureMap), activations \(Numbers.short(first)) … \(Numbers.short(last))"]
    }

    /// The two squares.
    private func squares(_ map: TopImages, width: Int) -> Sketch {
        let middle = max(4, width / 40)
        let half = (width - middle) / 2
        let gap = max(1, half / 100)
        let cell = (half - (Self.side - 1) * gap) / Self.side
        // Fields at the border are cut off, so each is fitted into a square cell.
        let height = Self.side * cell + (Self.side - 1) * gap
        return Sketch(width: width, height: height) { canvas, left, top in
            for index in 0..<Self.side * Self.side {
                let (row, column) = (index / Self.side, index % Self.side)
                let (x, y) = (left + column * (cell + gap), top + row * (cell + gap))
                for place in [x, x + half + middle] {
                    canvas.fill(Area(x: place, y: y, width: cell, height: cell), Color(0xF0F2F4))
                }
                guard index < map.exciters.count else { continue }
                let exciter = map.exciters[index]
                let field = exciter.projection.receptiveField
                let photo = Photo(frame: exciter.frame, input: exciter.input, isReversed: isReversed)
                let drawn = photo.projection(exciter.projection.values, scale: exciter.projection.scale)
                draw(drawn.cropped(field), on: &canvas, x: x, y: y, side: cell)
                draw(photo.image.cropped(field), on: &canvas, x: x + half + middle, y: y, side: cell)
            }
        }
    }

    /// An image in the middle of a square, as large as fits.
    private func draw(_ image: Image, on canvas: inout Canvas, x: Int, y: Int, side: Int) {
        let longer = max(image.width, image.height)
        let width = max(1, side * image.width / longer)
        let drawn = image.width < 16 ? Canvas(image, width: width) : Canvas(photo: image, width: width)
        canvas.draw(drawn, x: x + (side - drawn.width) / 2, y: y + max(0, (side - drawn.height) / 2))
    }
}
