internal import Explainers
internal import Models
internal import Rendering

extension Answer {
    /// One view of this answer as a PNG file.
    ///
    /// - Parameters:
    ///   - view: one of `kind.views`.
    ///   - width: the picture's width in pixels; nil leaves it to the view.
    ///   - isTransparent: a heatmap's cells alone, without a page around and behind them.
    /// - Throws: `SwitchbackError.badValue` for another view.
    public func picture(view: String, width: Int? = nil, isTransparent: Bool = false) throws(SwitchbackError) -> [UInt8]
    {
        let photo = Photo(
            frame: material.input.frame, input: material.input.tensor,
            isReversed: material.model.preprocessing?.color == .bgr)
        let picture: [UInt8]? =
            switch material.explained {
            case .predict(let explanation):
                view == "bars" ? BarsPicture(explanation, photo: photo, model: model.name).png(width: width) : nil
            case .activations(let explanation):
                view == "grid" ? ActivationsPicture(explanation).png(width: width) : nil
            case .deconv(let explanation):
                ProjectionPicture.View(rawValue: view).map {
                    ProjectionPicture(explanation, photo: photo).png($0, width: width)
                }
            case .occlusion(let explanation):
                OcclusionPicture.View(rawValue: view).map {
                    let drawing = OcclusionPicture(explanation, photo: photo)
                    return isTransparent ? drawing.transparentHeatmap(width: width) : drawing.png($0, width: width)
                }
            case .ablation(let explanation):
                AblationPicture.View(rawValue: view).map { AblationPicture(explanation).png($0, width: width) }
            }
        guard let picture else {
            throw .badValue(option: "view", value: view, allowed: kind.views.joined(separator: ", "))
        }
        return picture
    }
}
