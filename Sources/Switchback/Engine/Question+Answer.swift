internal import Explainers
internal import Models
internal import Networks

/// Each kind's explainer, and its explanation as an answer.
extension Question {
    func answer(about image: PreparedImage, of model: Model, by sweep: SweepRunner) throws -> Answer {
        let input = image.input
        let composer = AnswerComposer(image: image, model: model)
        switch self {
        case .predict(let top):
            let count = top ?? min(5, model.network.classes)
            let explanation = try sweep.run(PredictionExplainer(model: model, input: input, top: count))
            return composer.predict(explanation, top: count)
        case .activations(let layer, let maps):
            let explainer = try ActivationsExplainer(model: model, input: input, layer: layer, featureMaps: maps)
            return composer.activations(try sweep.run(explainer), selection: maps)
        case .deconv(let layer, let maps, let unit, let options):
            let explainer = try DeconvNetExplainer(
                model: model, input: input, layer: layer, featureMaps: maps, unit: unit, options: options)
            return composer.deconv(try sweep.run(explainer), selection: maps, unit: unit)
        case .occlusion(let options):
            let explainer = try OcclusionExplainer(model: model, input: input, options: options)
            return composer.occlusion(try sweep.run(explainer), options: options)
        case .ablation(let options):
            let explainer = try AblationExplainer(model: model, input: input, options: options)
            return composer.ablation(try sweep.run(explainer), options: options)
        }
    }
}

extension Question {
    /// The explainer that would answer: making it finds all that is wrong with the options.
    func explainer(of model: Model, input: PreparedInput) throws -> any Explainer {
        switch self {
        case .predict(let top):
            return try PredictionExplainer(model: model, input: input, top: top ?? min(5, model.network.classes))
        case .activations(let layer, let maps):
            return try ActivationsExplainer(model: model, input: input, layer: layer, featureMaps: maps)
        case .deconv(let layer, let maps, let unit, let options):
            return try DeconvNetExplainer(
                model: model, input: input, layer: layer, featureMaps: maps, unit: unit, options: options)
        case .occlusion(let options):
            return try OcclusionExplainer(model: model, input: input, options: options)
        case .ablation(let options):
            return try AblationExplainer(model: model, input: input, options: options)
        }
    }
}
