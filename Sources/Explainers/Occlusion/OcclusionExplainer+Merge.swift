import Models
import Networks
import Tensors

extension OcclusionExplainer {
    /// The maps of all positions.
    public func merge(_ partials: [Partial], from groundwork: Groundwork) -> OcclusionExplanation {
        let partials = partials.inOrder(items: grid.count)
        let outputs = groundwork.outputs
        let topClass = partials.flatMap(\.topClass)
        let occluded = maps(partials)
        return OcclusionExplanation(
            grid: grid, fill: fill, of: of,
            target: outputs.prediction(of: target.classIndex(unchanged: outputs), model: model),
            coversAllClasses: target == .all, delta: delta(occluded, outputs), occluded: occluded,
            topClass: IndexTensor(shape: [grid.rows, grid.columns], values: topClass),
            classes: Set(topClass).sorted().map {
                ClassName(classIndex: Int($0), label: model.label(of: Int($0)))
            },
            logits: outputs.tensor(of: .logit), probabilities: outputs.tensor(of: .probability),
            activity: OcclusionActivity(
                layer: projector.layer.name, featureMap: groundwork.featureMap, unoccluded: groundwork.activity,
                map: Tensor(shape: [grid.rows, grid.columns], values: partials.flatMap(\.activity)),
                projection: groundwork.projection, refusal: refusal))
    }

    /// The values with the patch: [rows, columns], or [classes, rows, columns], turned from a position after the other.
    private func maps(_ partials: [Partial]) -> Tensor {
        guard target == .all else {
            return Tensor(shape: [grid.rows, grid.columns], values: partials.flatMap(\.values))
        }
        let classes = model.network.classes
        var maps = [Float](repeating: 0, count: classes * grid.count)
        for partial in partials {
            for (row, position) in partial.shard.items.enumerated() {
                for index in 0..<classes {
                    maps[index * grid.count + position] = partial.values[row * classes + index]
                }
            }
        }
        return Tensor(shape: [classes, grid.rows, grid.columns], values: maps)
    }

    private func delta(_ occluded: Tensor, _ outputs: ClassOutputs) -> Tensor {
        let unoccluded =
            target == .all
            ? Array(outputs.row(0, of: of))
            : [outputs.value(0, class: target.classIndex(unchanged: outputs), of: of)]
        let values = occluded.values.enumerated().map { unoccluded[$0 / grid.count] - $1 }
        return Tensor(shape: occluded.shape, values: values)
    }
}
