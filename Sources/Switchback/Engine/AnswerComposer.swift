internal import Blobs
internal import Explainers
internal import Imaging
internal import Models
internal import Tensors

/// Puts explanations into the words of the interface, with the semantics in force.
struct AnswerComposer {
    let image: PreparedImage
    let model: Model

    func predict(_ explanation: PredictionExplanation, top: Int) -> Answer {
        answer(
            .predict, [Semantic(name: "top", value: .integer(top))],
            .predict(explanation.predictions.map(ClassAnswer.init)), .predict(explanation, about: image.input))
    }

    func activations(_ explanation: ActivationsExplanation, selection: FeatureMapSelection) -> Answer {
        answer(
            .activations, [text("layer", explanation.layer), text("feature_map", selection.text)],
            .activations(
                layer: explanation.layer, featureMaps: explanation.featureMaps, activations: explanation.activations),
            .activations(explanation))
    }

    func deconv(_ explanation: DeconvNetExplanation, selection: FeatureMapSelection, unit: UnitSelection) -> Answer {
        answer(
            .deconv,
            [text("layer", explanation.layer), text("feature_map", selection.text), text("unit", unit.text)]
                + explanation.options.semantics,
            .deconv(layer: explanation.layer, projections: explanation.projections.map(ProjectionAnswer.init)),
            .deconv(explanation, about: image.input))
    }

    func occlusion(_ explanation: OcclusionExplanation, options: OcclusionOptions) -> Answer {
        answer(
            .occlusion,
            [
                text("layer", explanation.activity.layer), text("target", options.target.text),
            ] + options.projection.semantics + [
                Semantic(name: "patch", value: .integer(explanation.grid.patch)),
                Semantic(name: "stride", value: .integer(explanation.grid.stride)),
                Semantic(name: "fill", value: .numbers(explanation.fill.values)),
                text("fill_units", explanation.fill.units.rawValue), text("of", explanation.of.rawValue),
            ],
            .occlusion(OcclusionAnswer(explanation)), .occlusion(explanation, about: image.input))
    }

    func ablation(_ explanation: AblationExplanation, options: AblationOptions) -> Answer {
        answer(
            .ablation,
            [
                text("layer", explanation.layer), text("feature_map", options.removals.text),
                text("target", options.target.text),
            ],
            .ablation(AblationAnswer(explanation)), .ablation(explanation))
    }

    private func answer(
        _ kind: ExplanationKind, _ semantics: [Semantic], _ content: Answer.Content,
        _ explained: DrawingMaterial.Explained
    ) -> Answer {
        Answer(
            kind: kind, model: ModelIdentity(name: model.name, sha256: model.digest.hex),
            subject: .image(image.identity), semantics: semantics, content: content,
            material: DrawingMaterial(model: model, explained: explained))
    }

    private func text(_ name: String, _ value: String) -> Semantic { Semantic(name: name, value: .text(value)) }
}

extension DeconvNetOptions {
    /// The rules of projections, as answers state them.
    var semantics: [Semantic] {
        let rules = [
            ("overlap", overlap.rawValue), ("seed", seed.rawValue), ("lrn", lrn.rawValue),
            ("activations", activations.rawValue),
        ]
        return rules.map { Semantic(name: $0, value: .text($1)) }
    }
}

/// What pictures and arrays are made from.
struct DrawingMaterial: Sendable {
    let model: Model
    let explained: Explained

    enum Explained: Sendable {
        case predict(PredictionExplanation, about: PreparedInput)
        case activations(ActivationsExplanation)
        case deconv(DeconvNetExplanation, about: PreparedInput)
        case occlusion(OcclusionExplanation, about: PreparedInput)
        case ablation(AblationExplanation)
        case accuracy(AccuracyExplanation)
        case topImages(TopImagesExplanation)
    }
}
