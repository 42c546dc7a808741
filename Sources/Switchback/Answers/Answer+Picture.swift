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
    ///   - maximumPixels: how many pixels it may have.
    /// - Throws: `SwitchbackError.badValue` for another view, `pictureTooLarge` before anything is drawn.
    public func picture(
        view: String, width: Int? = nil, isTransparent: Bool = false, maximumPixels: Int
    ) throws(SwitchbackError) -> [UInt8] {
        let picture: [UInt8]?
        do throws(RenderingError) {
            picture = try drawn(view: view, width: width, isTransparent: isTransparent, limit: maximumPixels)
        } catch {
            switch error {
            case .tooManyPixels(let width, let height, let limit):
                throw .pictureTooLarge(kind: kind, width: width, height: height, limit: limit)
            }
        }
        guard let picture else {
            throw .badValue(option: "view", value: view, allowed: kind.views.joined(separator: ", "))
        }
        return picture
    }

    /// The view; nil where there is none of that name.
    private func drawn(
        view: String, width: Int?, isTransparent: Bool, limit: Int
    ) throws(RenderingError) -> [UInt8]? {
        switch material.explained {
        case .predict(let explanation, let input):
            guard view == "bars" else { return nil }
            return try BarsPicture(explanation, photo: photo(of: input), model: model.name).png(
                width: width, limit: limit)
        case .activations(let explanation):
            guard view == "grid" else { return nil }
            return try ActivationsPicture(explanation).png(width: width, limit: limit)
        case .deconv(let explanation, let input):
            guard let view = ProjectionPicture.View(rawValue: view) else { return nil }
            return try ProjectionPicture(explanation, photo: photo(of: input)).png(view, width: width, limit: limit)
        case .occlusion(let explanation, let input):
            guard let view = OcclusionPicture.View(rawValue: view) else { return nil }
            let picture = OcclusionPicture(explanation, photo: photo(of: input))
            return isTransparent
                ? try picture.transparentHeatmap(width: width, limit: limit)
                : try picture.png(view, width: width, limit: limit)
        case .ablation(let explanation):
            guard let view = AblationPicture.View(rawValue: view) else { return nil }
            return try AblationPicture(explanation).png(view, width: width, limit: limit)
        case .accuracy(let explanation):
            guard view == "ranking" else { return nil }
            return try AccuracyPicture(explanation).png(width: width, limit: limit)
        case .topImages(let explanation):
            guard view == "squares" else { return nil }
            return try TopImagesPicture(explanation, isReversed: material.model.preprocessing?.color == .bgr)
                .png(width: width, limit: limit)
        }
    }

    private func photo(of input: PreparedInput) -> Photo {
        Photo(frame: input.frame, input: input.tensor, isReversed: material.model.preprocessing?.color == .bgr)
    }
}
