import Models
import Tensors

/// The network's answers without each group of feature maps, and the falls computed from them.
struct AblationTable {
    let model: Model
    /// The answer of the whole network.
    let unablated: ClassOutputs
    /// The groups removed; last the whole layer.
    let groups: [[Int]]
    let target: Int
    /// The answers without them, a row a group.
    let ablated: ClassOutputs

    func explanation(layer: String, coversAllClasses: Bool) -> AblationExplanation {
        let removals = groups.count - 1
        let ablations = (0..<removals).map { ablation($0) }
        let order = ablations.map(\.deltaProbability).indicesDescending()
        return AblationExplanation(
            layer: layer, target: unablated.prediction(of: target, model: model), coversAllClasses: coversAllClasses,
            ranked: order.map { ablations[$0] }, layerRemoved: ablation(removals), ablations: ablations,
            logits: Tensor(
                shape: [removals, ablated.classes], values: Array(ablated.logits.prefix(removals * ablated.classes))),
            deltaLogit: coversAllClasses
                ? deltas(of: .logit) : Tensor(shape: [removals], values: ablations.map(\.deltaLogit)),
            deltaProbability: coversAllClasses
                ? deltas(of: .probability) : Tensor(shape: [removals], values: ablations.map(\.deltaProbability)),
            unablatedLogits: unablated.tensor(of: .logit), unablatedProbabilities: unablated.tensor(of: .probability))
    }

    private func ablation(_ row: Int) -> Ablation {
        let top = ablated.strongest(image: row)
        return Ablation(
            featureMaps: groups[row], deltaLogit: delta(row, class: target, of: .logit),
            deltaProbability: delta(row, class: target, of: .probability), topClass: top,
            topLabel: model.label(of: top), flipped: top != unablated.strongest)
    }

    private func delta(_ row: Int, class classIndex: Int, of quantity: ClassQuantity) -> Float {
        unablated.value(0, class: classIndex, of: quantity) - ablated.value(row, class: classIndex, of: quantity)
    }

    /// The falls of every class, [removals, classes].
    private func deltas(of quantity: ClassQuantity) -> Tensor {
        let rows = groups.indices.dropLast()
        return Tensor(
            shape: [rows.count, ablated.classes],
            values: rows.flatMap { row in
                (0..<ablated.classes).map { delta(row, class: $0, of: quantity) }
            })
    }
}
