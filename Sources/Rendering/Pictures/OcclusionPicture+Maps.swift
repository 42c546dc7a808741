import Explainers
import Imaging
import Tensors

/// The maps and their legends.
extension OcclusionPicture {
    /// The followed class: of `target=all` the unoccluded top-1.
    var delta: Tensor { map(explanation.delta) }
    var occluded: Tensor { map(explanation.occluded) }

    private func map(_ values: Tensor) -> Tensor {
        values.shape.rank == 3 ? values.slice(explanation.target.classIndex) : values
    }

    var target: String { explanation.target.label ?? "class \(explanation.target.classIndex)" }

    /// Zero in the middle: blue where hiding helps the class, red where it hurts.
    var deltaColors: ColorMap { .diverging(delta.values.reduce(0) { max($0, abs($1)) }) }

    var occludedColors: ColorMap { range(occluded.values, from: explanation.of == .probability ? 0 : nil) }

    var activityColors: ColorMap {
        range(explanation.activity.map.values + [explanation.activity.unoccluded], from: nil)
    }

    private func range(_ values: [Float], from least: Float?) -> ColorMap {
        .sequential(least ?? values.min() ?? 0, values.max() ?? 1)
    }

    func deltaLegend(_ width: Int, _ size: Int, _ typeface: Typeface) -> Sketch {
        Legend.bar(
            deltaColors, title: "fall in \(explanation.of.rawValue) when hidden", width: width, size: size,
            typeface)
    }

    /// A map of the grid in the input's proportions.
    func heatmap(_ map: Tensor, _ colors: ColorMap, width: Int) -> Sketch {
        let values = map.values
        return cells(width: width) { colors.color(values[$0]) }
    }

    /// The photo in grey under the heatmap: colour where the class changes, the photo's own lines everywhere.
    func overlay(width: Int) -> Sketch {
        Sketch(width: width, height: Sketch.height(photo.image.height, by: photo.image.width, at: width)) {
            overlaid(width: width)
        }
    }

    private func overlaid(width: Int) -> Canvas {
        var canvas = Canvas(photo: photo.image, width: width).grayed(toward: 0.15)
        let colors = deltaColors
        let values = delta.values
        let grid = GridCells(explanation.grid, width: canvas.width, height: canvas.height)
        for (y, row) in grid.rows.enumerated() {
            for (x, column) in grid.columns.enumerated() {
                let value = values[row * explanation.grid.columns + column]
                let strength = min(1, abs(value) / colors.high)
                canvas.blend(y: y, x: x, colors.color(value), 0.55 * strength.squareRoot())
            }
        }
        return canvas
    }

    func topClassMap(width: Int) -> Sketch {
        let ranks = self.ranks
        let values = explanation.topClass.values
        return cells(width: width) { ColorMap.categorical(ranks[Int(values[$0])] ?? 0) }
    }

    func topClassLegend(_ width: Int, _ size: Int, _ typeface: Typeface) -> Sketch {
        let values = explanation.topClass.values
        let counts = values.reduce(into: [Int: Int]()) { $0[Int($1), default: 0] += 1 }
        let ranks = self.ranks
        let ordered = explanation.classes.sorted { (ranks[$0.classIndex] ?? 0) < (ranks[$1.classIndex] ?? 0) }
        let total = values.count
        var entries = ordered.prefix(ColorMap.categoryLimit).enumerated().map { rank, name in
            Legend.Entry(
                color: ColorMap.categorical(rank), label: "\(name.label ?? "class") (\(name.classIndex))",
                value: "\(counts[name.classIndex] ?? 0) of \(total)")
        }
        if ordered.count > ColorMap.categoryLimit {
            let others = ordered.dropFirst(ColorMap.categoryLimit)
            let positions = others.reduce(0) { $0 + (counts[$1.classIndex] ?? 0) }
            entries.append(
                Legend.Entry(
                    color: ColorMap.categorical(ColorMap.categoryLimit), label: "\(others.count) other classes",
                    value: "\(positions) of \(total)"))
        }
        return Legend.list(entries, width: width, size: size, typeface)
    }

    /// Classes by how many positions they take, the most first, the lower index on a tie: colours go by this rank.
    private var ranks: [Int: Int] {
        let counts = explanation.topClass.values.reduce(into: [Int: Int]()) { $0[Int($1), default: 0] += 1 }
        let ordered = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return Dictionary(uniqueKeysWithValues: ordered.enumerated().map { ($1.key, $0) })
    }

    private func cells(width: Int, _ color: @escaping (Int) -> Color) -> Sketch {
        let grid = explanation.grid
        let height = height(at: width)
        return Sketch(width: width, height: height) {
            let cells = GridCells(grid, width: width, height: height)
            var canvas = Canvas(width: width, height: height)
            for (y, row) in cells.rows.enumerated() {
                for (x, column) in cells.columns.enumerated() { canvas[y, x] = color(row * grid.columns + column) }
            }
            return canvas
        }
    }

    var caption: String {
        let grid = explanation.grid
        let uncovered = grid.uncovered == 0 ? "" : " Never hidden: \(Numbers.pixels(grid.uncovered))."
        let unoccluded =
            explanation.of == .probability
            ? Numbers.percent(explanation.target.probability) : "logit " + Numbers.short(explanation.target.logit)
        return """
            \(grid.rows) × \(grid.columns) positions of a \(grid.patch) × \(grid.patch) patch, \
            \(Numbers.pixels(grid.stride)) apart. Unoccluded: \(target) \(unoccluded).\(uncovered)
            """
    }

    func title(_ view: View) -> String {
        switch view {
        case .overlay, .heatmap, .figure: "What matters for “\(target)”"
        case .occluded: "“\(target)” with a patch hidden"
        case .topClass: "Most probable class with a patch hidden"
        case .activity: "Activity of \(explanation.activity.layer), feature map \(explanation.activity.featureMap)"
        }
    }
}
