public import Explainers
import Tensors

/// The feature maps of a layer, each from 0 (or its smallest value) to its own largest value.
public struct ActivationsPicture: Sendable {
    private let explanation: ActivationsExplanation

    /// The picture of `explanation`.
    public init(_ explanation: ActivationsExplanation) { self.explanation = explanation }

    /// The picture as PNG, `width` pixels wide (960 unless told).
    ///
    /// - Throws: ``RenderingError`` where the picture would have more than `limit` pixels.
    public func png(width: Int?, limit: Int) throws(RenderingError) -> [UInt8] {
        let typeface = Typeface()
        let width = width ?? 960
        let count = explanation.featureMaps.count
        let title = "Feature maps of \(explanation.layer)"
        let caption =
            "\(count) maps. Dark is 0 or the map's smallest value, light its largest, which stands beside its number."
        let size = Panel.denseTextSize(width: width)
        let panel = Panel(title: title, caption: caption, width: width, size: size)
        let mosaic = Mosaic(count: count, width: panel.contentWidth, size: size)
        let cells = explanation.featureMaps.enumerated().map { index, featureMap in
            let map = explanation.activations.slice(index)
            let values = map.values
            let (low, high) = (min(0, values.min() ?? 0), values.max() ?? 0)
            let sketch = Sketch(map: map, ColorMap.sequential(low, high), width: mosaic.cellWidth)
            return (sketch: sketch, label: ["\(featureMap): \(Numbers.short(high))"])
        }
        return try panel.around(mosaic.sketch(cells, typeface), typeface).png(title: title, limit: limit)
    }
}

extension Sketch {
    /// A map [H, W] in colours, `width` pixels wide, every value a rectangle.
    init(map: Tensor, _ colors: ColorMap, width: Int) {
        let (rows, columns) = (map.shape[0], map.shape[1])
        let height = max(1, rows * width / columns)
        self.init(width: width, height: height) {
            let values = map.values
            var small = Canvas(width: columns, height: rows)
            for row in 0..<rows {
                for column in 0..<columns { small[row, column] = colors.color(values[row * columns + column]) }
            }
            return small.enlarged(width: width, height: height)
        }
    }
}
