internal import Explainers
internal import Networks
internal import Models
internal import Tensors

extension Answer {
    /// One array of this answer as an NPY file, little-endian, row-major.
    ///
    /// Shapes: `probabilities`, `logits` [classes] and `input` [C, H, W] of a prediction; `activations` [maps, H, W];
    /// `projections` [n, C, H, W]; `delta` and `occluded` [rows, columns] ([classes, rows, columns] with `target=all`),
    /// `top_class` int32 and `activity` [rows, columns]; `delta_probability` and `delta_logit` [maps] in index order
    /// ([maps, classes] with `target=all`), `logits` [maps, classes]. Over a data set
    /// `delta_top1` and `delta_top5` [maps], or [groups] in the order of the request; the
    /// strongest images give `projections` [maps, 9, C, H, W] and `activations` [maps, 9], 0 where a map has fewer.
    ///
    /// - Parameter name: one of `kind.arrays`.
    /// - Throws: `SwitchbackError.badValue` for another name.
    public func array(named name: String) throws(SwitchbackError) -> [UInt8] {
        switch (material.explained, name) {
        case (.predict(let explanation, _), "probabilities"): return NPY.encode(explanation.probabilities)
        case (.predict(let explanation, _), "logits"): return NPY.encode(explanation.logits)
        case (.predict(_, let input), "input"): return NPY.encode(input.tensor)
        case (.activations(let explanation), "activations"): return NPY.encode(explanation.activations)
        case (.deconv(let explanation, _), "projections"):
            return NPY.encode(Tensor.stacked(explanation.projections.map(\.values)))
        case (.occlusion(let explanation, _), "delta"): return NPY.encode(explanation.delta)
        case (.occlusion(let explanation, _), "occluded"): return NPY.encode(explanation.occluded)
        case (.occlusion(let explanation, _), "top_class"): return NPY.encode(explanation.topClass)
        case (.occlusion(let explanation, _), "activity"): return NPY.encode(explanation.activity.map)
        case (.ablation(let explanation), "delta_probability"): return NPY.encode(explanation.deltaProbability)
        case (.ablation(let explanation), "delta_logit"): return NPY.encode(explanation.deltaLogit)
        case (.ablation(let explanation), "logits"): return NPY.encode(explanation.logits)
        case (.accuracy(let explanation), "delta_top1"): return Self.differences(explanation, \.top1)
        case (.accuracy(let explanation), "delta_top5"): return Self.differences(explanation, \.top5)
        case (.topImages(let explanation), "projections"): return topProjections(explanation)
        case (.topImages(let explanation), "activations"):
            let places = 0..<explanation.places
            let values = explanation.maps.flatMap { map in
                places.map { $0 < map.exciters.count ? map.exciters[$0].projection.activation : 0 }
            }
            return NPY.encode(Tensor(shape: [explanation.maps.count, explanation.places], values: values))
        default:
            throw .badValue(option: "array", value: name, allowed: kind.arrays.joined(separator: ", "))
        }
    }

    /// The projections of all maps, zeros where a map has fewer images.
    private func topProjections(_ explanation: TopImagesExplanation) -> [UInt8] {
        let shape = material.model.network.inputShape
        let none = Tensor(shape: shape)
        let maps = explanation.maps.map { map in
            Tensor.stacked(
                (0..<explanation.places).map { $0 < map.exciters.count ? map.exciters[$0].projection.values : none })
        }
        return NPY.encode(Tensor.stacked(maps))
    }

    /// The falls of all removals.
    private static func differences(
        _ explanation: AccuracyExplanation, _ counts: KeyPath<AccuracyFall, PairedCounts>
    ) -> [UInt8] {
        NPY.encode(
            Tensor(
                shape: [explanation.falls.count],
                values: explanation.falls.map { Float($0[keyPath: counts].difference.value) }))
    }
}
