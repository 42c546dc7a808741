internal import Explainers
internal import Models
internal import Tensors

extension Answer {
    /// One array of this answer as an NPY file, little-endian, row-major.
    ///
    /// Shapes: `probabilities`, `logits` [classes] and `input` [C, H, W] of a prediction; `activations` [maps, H, W];
    /// `projections` [n, C, H, W]; `delta` and `occluded` [rows, columns] ([classes, rows, columns] with `target=all`),
    /// `top_class` int32 and `activity` [rows, columns]; `delta_probability` and `delta_logit` [maps] in index order
    /// ([maps, classes] with `target=all`), `logits` [maps, classes].
    ///
    /// - Parameter name: one of `kind.arrays`.
    /// - Throws: `SwitchbackError.badValue` for another name.
    public func array(named name: String) throws(SwitchbackError) -> [UInt8] {
        switch (material.explained, name) {
        case (.predict(let explanation), "probabilities"): return NPY.encode(explanation.probabilities)
        case (.predict(let explanation), "logits"): return NPY.encode(explanation.logits)
        case (.predict, "input"): return NPY.encode(material.input.tensor)
        case (.activations(let explanation), "activations"): return NPY.encode(explanation.activations)
        case (.deconv(let explanation), "projections"):
            return NPY.encode(Tensor.stacked(explanation.projections.map(\.values)))
        case (.occlusion(let explanation), "delta"): return NPY.encode(explanation.delta)
        case (.occlusion(let explanation), "occluded"): return NPY.encode(explanation.occluded)
        case (.occlusion(let explanation), "top_class"): return NPY.encode(explanation.topClass)
        case (.occlusion(let explanation), "activity"): return NPY.encode(explanation.activity.map)
        case (.ablation(let explanation), "delta_probability"): return NPY.encode(explanation.deltaProbability)
        case (.ablation(let explanation), "delta_logit"): return NPY.encode(explanation.deltaLogit)
        case (.ablation(let explanation), "logits"): return NPY.encode(explanation.logits)
        default:
            throw .badValue(option: "array", value: name, allowed: kind.arrays.joined(separator: ", "))
        }
    }
}
