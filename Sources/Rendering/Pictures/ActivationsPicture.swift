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
        let size = Panel.denseTextSize(width: width)
        let mosaic = Mosaic(count: count, width: Panel.contentWidth(of: width, size: size), size: size)
        let maps = (0..<count).map { explanation.activations.slice($0) }
        let largest = maps.map { $0.values.max() ?? 0 }
        let (labels, words) = Self.labels(explanation.featureMaps, largest, in: mosaic, typeface)
        let caption = "\(count) maps. Dark is 0 or the map's smallest value, light its largest\(words)."
        let panel = Panel(title: title, caption: caption, width: width, size: size)
        let cells = maps.indices.map { index in
            let colors = ColorMap.sequential(min(0, maps[index].values.min() ?? 0), largest[index])
            return (sketch: Sketch(map: maps[index], colors, width: mosaic.cellWidth), label: labels[index])
        }
        return try panel.around(mosaic.sketch(cells, typeface), typeface).png(title: title, limit: limit)
    }

    /// As much of each map's number and largest value as there is room for in every cell, and how the caption goes on.
    static func labels(
        _ featureMaps: [Int], _ largest: [Float], in mosaic: Mosaic, _ typeface: Typeface
    ) -> (labels: [[String]], words: String) {
        let values = largest.map { Numbers.short($0) }
        let forms = [
            (zip(featureMaps, values).map { ["\($0): \($1)"] }, ", which stands beside its number"),
            (zip(featureMaps, values).map { ["\($0)", $1] }, ", which stands below its number"),
            (featureMaps.map { ["\($0)"] }, ""),
        ]
        return forms.first { mosaic.hasRoom(for: $0.0, typeface) }
            ?? (featureMaps.map { _ in [] }, "; they stand in their order, row by row")
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
