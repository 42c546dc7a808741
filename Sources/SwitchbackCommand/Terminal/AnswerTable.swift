import Foundation
import Switchback
import Tensors

/// An answer as a table for people.
struct AnswerTable {
    private let answer: Answer

    init(_ answer: Answer) { self.answer = answer }

    /// The most rows of an ablation or of activations that are shown.
    private static let rowLimit = 20

    var text: String {
        let heading = "\(answer.model.name), \(subject)"
        switch answer.content {
        case .predict(let predictions): return heading + "\n\n" + table(of: predictions).text
        case .activations(let layer, let maps, let activations):
            return heading + ", layer \(layer)\n\n" + text(of: maps, activations)
        case .deconv(let layer, let projections):
            return heading + ", layer \(layer)\n\n" + table(of: projections).text
                + "\nA picture: -o projection.png. The numbers: --format json, or -o projections.npy.\n"
        case .occlusion(let occlusion): return heading + "\n\n" + text(of: occlusion)
        case .ablation(let ablation): return heading + ", layer \(ablation.layer)\n\n" + text(of: ablation)
        case .accuracy(let accuracy):
            return heading + ", layer \(accuracy.layer)\n\n" + AccuracyTable(accuracy, rowLimit: Self.rowLimit).text
                + Self.rest(accuracy.falls.count, "removals")
        case .topImages(let topImages):
            return heading + ", layer \(topImages.layer)\n\n" + table(of: topImages).text
                + "\nA picture: -o figure.png. The numbers: --format json, or -o projections.npy.\n"
        }
    }

    private var subject: String {
        switch answer.subject {
        case .image(let image): "image \(image.width)×\(image.height)"
        case .dataset(let dataset): "data set \(dataset.name) (\(dataset.images) images)"
        }
    }

    private func table(of predictions: [ClassAnswer]) -> TextTable {
        var table = TextTable(["class", "probability", "logit", "label"], rightAligned: [0, 1, 2])
        for prediction in predictions {
            table.rows.append([
                String(prediction.classIndex), Self.fixed(prediction.probability, 4), Self.fixed(prediction.logit, 3),
                prediction.label ?? "–",
            ])
        }
        return table
    }

    private func text(of maps: [Int], _ activations: Tensor) -> String {
        var table = TextTable(["feature map", "maximum", "mean", "positive"], rightAligned: [0, 1, 2, 3])
        let size = max(1, activations.count / max(1, maps.count))
        let values = activations.values
        let rows = maps.enumerated().map { index, map in
            let part = values[index * size..<(index + 1) * size]
            return (map: map, maximum: part.max() ?? 0, mean: part.reduce(0, +) / Float(size), part: part)
        }
        for row in rows.sorted(by: { ($1.maximum, $0.map) < ($0.maximum, $1.map) }).prefix(Self.rowLimit) {
            let positive = row.part.count { $0 > 0 }
            table.rows.append([
                String(row.map), Self.fixed(row.maximum, 4), Self.fixed(row.mean, 4), "\(100 * positive / size) %",
            ])
        }
        return table.text + Self.rest(maps.count, "feature maps")
    }

    private func table(of projections: [ProjectionAnswer]) -> TextTable {
        var table = TextTable(
            ["feature map", "unit y,x", "activation", "receptive field", "largest value"], rightAligned: [0, 1, 2, 4])
        for projection in projections {
            let field = projection.receptiveField
            table.rows.append([
                String(projection.featureMap), projection.unit.map { "\($0[0]),\($0[1])" } ?? "–",
                Self.fixed(projection.activation, 4),
                "rows \(field[0])…\(field[2] - 1), columns \(field[1])…\(field[3] - 1)",
                Self.fixed(projection.scale, 4),
            ])
        }
        return table
    }

    private func table(of topImages: TopImagesAnswer) -> TextTable {
        var table = TextTable(["feature map", "activation", "unit y,x", "image"], rightAligned: [0, 1, 2])
        for map in topImages.maps {
            for exciter in map.exciters {
                let projection = exciter.projection
                table.rows.append([
                    String(map.featureMap), Self.fixed(projection.activation, 4),
                    projection.unit.map { "\($0[0]),\($0[1])" } ?? "–", exciter.image,
                ])
            }
        }
        return table
    }

    private func text(of occlusion: OcclusionAnswer) -> String {
        let grid = occlusion.grid
        let target = occlusion.target
        var text = """
            \(target.label ?? "class \(target.classIndex)") (\(target.classIndex)), unoccluded probability \
            \(Self.fixed(target.probability, 4)), logit \(Self.fixed(target.logit, 3))
            \(grid.rows) × \(grid.columns) positions, patch \(grid.patch), stride \(grid.stride), \
            \(grid.uncovered) pixels uncovered

            """
        if occlusion.delta.shape.rank == 2 { text += "\n" + HeatmapText(occlusion.delta).text + "\n" }
        let names = occlusion.classes.map { "\($0.classIndex) \($0.label ?? "–")" }
        text += "most probable somewhere: \(names.joined(separator: "; "))\n"
        text += "A picture: -o overlay.png, or --view figure -o figure.png. The numbers: --format json.\n"
        return text
    }

    private func text(of ablation: AblationAnswer) -> String {
        let target = ablation.target
        var table = TextTable(
            ["feature maps", "Δ probability", "Δ logit", "top class without"], rightAligned: [0, 1, 2])
        for removal in ablation.ablations.prefix(Self.rowLimit) {
            table.rows.append(row(removal.featureMaps.map(String.init).joined(separator: "+"), removal))
        }
        table.rows.append(row("all", ablation.layerRemoved))
        return """
            \(target.label ?? "class \(target.classIndex)") (\(target.classIndex)), unablated probability \
            \(Self.fixed(target.probability, 4)); Δ is unablated − ablated, largest fall first


            """ + table.text + Self.rest(ablation.ablations.count, "removals")
    }

    private func row(_ name: String, _ removal: AblationAnswer.Removal) -> [String] {
        [
            name, Self.signed(removal.deltaProbability), Self.signed(removal.deltaLogit),
            "\(removal.topClass) \(removal.topLabel ?? "–")" + (removal.flipped ? "  (changed)" : ""),
        ]
    }

    private static func rest(_ count: Int, _ what: String) -> String {
        count > rowLimit ? "(\(rowLimit) of \(count) \(what); all of them: --format json)\n" : ""
    }

    private static func fixed(_ value: Float, _ digits: Int) -> String {
        String(format: "%.\(digits)f", Double(value))
    }

    private static func signed(_ value: Float) -> String { String(format: "%+.5f", Double(value)) }
}
