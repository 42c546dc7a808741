internal import Explainers
internal import Models
internal import Networks

/// Does something with the explainer of a question, whichever it is.
protocol ExplainerVisitor {
    /// What it comes to.
    associatedtype Outcome

    /// - Parameter compose: puts the explanation into the words of the interface.
    func visit<Method: DurableExplainer>(
        _ explainer: Method, compose: @escaping @Sendable (Method.Explanation) -> Answer
    ) throws -> Outcome
}

/// Each kind's explainer, and its explanation as an answer.
extension Question {
    /// What `visitor` makes of the explainer; making that finds all that is wrong with the options.
    func open<Visitor: ExplainerVisitor>(
        about subject: PreparedSubject, of model: Model, to visitor: Visitor
    ) throws -> Visitor.Outcome {
        switch subject {
        case .image(let image): try open(about: image, of: model, to: visitor)
        case .dataset(let dataset): try open(over: dataset, to: visitor)
        }
    }

    private func open<Visitor: ExplainerVisitor>(
        over dataset: PlainDataset, to visitor: Visitor
    ) throws -> Visitor.Outcome {
        let model = dataset.model
        let composer = DatasetComposer(dataset: dataset.open.dataset, model: model)
        switch self {
        case .accuracy(_, let options):
            let explainer = try AccuracyExplainer(
                model: model, images: try LabelledDataset(dataset), options: options)
            return try visitor.visit(explainer) { composer.accuracy($0, options: options) }
        case .topImages(_, let layer, let maps, let options):
            let explainer = try TopImagesExplainer(
                model: model, images: dataset, layer: layer, featureMaps: maps, options: options)
            return try visitor.visit(explainer) { composer.topImages($0, selection: maps) }
        case .predict, .activations, .deconv, .occlusion, .ablation:
            preconditionFailure("a question about one image was opened over a data set")
        }
    }

    private func open<Visitor: ExplainerVisitor>(
        about image: PreparedImage, of model: Model, to visitor: Visitor
    ) throws -> Visitor.Outcome {
        let input = image.input
        let composer = AnswerComposer(image: image, model: model)
        switch self {
        case .predict(let top):
            let count = top ?? min(5, model.network.classes)
            let explainer = try PredictionExplainer(model: model, input: input, top: count)
            return try visitor.visit(explainer) { composer.predict($0, top: count) }
        case .activations(let layer, let maps):
            let explainer = try ActivationsExplainer(model: model, input: input, layer: layer, featureMaps: maps)
            return try visitor.visit(explainer) { composer.activations($0, selection: maps) }
        case .deconv(let layer, let maps, let unit, let options):
            let explainer = try DeconvNetExplainer(
                model: model, input: input, layer: layer, featureMaps: maps, unit: unit, options: options)
            return try visitor.visit(explainer) { composer.deconv($0, selection: maps, unit: unit) }
        case .occlusion(let options):
            let explainer = try OcclusionExplainer(model: model, input: input, options: options)
            return try visitor.visit(explainer) { composer.occlusion($0, options: options) }
        case .ablation(let options):
            let explainer = try AblationExplainer(model: model, input: input, options: options)
            return try visitor.visit(explainer) { composer.ablation($0, options: options) }
        case .accuracy, .topImages: preconditionFailure("a question about a data set was opened about one image")
        }
    }
}

/// What an explanation would cost.
struct EstimateVisitor: ExplainerVisitor {
    typealias Outcome = CostEstimate

    func visit<Method: DurableExplainer>(
        _ explainer: Method, compose: @escaping @Sendable (Method.Explanation) -> Answer
    ) -> CostEstimate { explainer.estimate }
}
