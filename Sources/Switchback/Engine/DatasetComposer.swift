internal import Blobs
internal import Explainers
internal import Models

/// Puts explanations over data sets into the words of the interface, with the semantics in force.
struct DatasetComposer {
    let dataset: Dataset
    let model: Model

    func accuracy(_ explanation: AccuracyExplanation, options: AblationOptions) -> Answer {
        answer(
            .ablation,
            [
                text("layer", explanation.layer), text("feature_map", options.removals.text),
                text("interval", "95 %, Newcombe's for paired data"),
            ], .accuracy(AccuracyAnswer(explanation, images: dataset.images, model: model)), .accuracy(explanation))
    }

    func topImages(_ explanation: TopImagesExplanation, selection: FeatureMapSelection) -> Answer {
        answer(
            .topImages,
            [
                text("layer", explanation.layer), text("feature_map", selection.text),
            ] + explanation.options.semantics, .topImages(TopImagesAnswer(explanation, images: dataset.images)),
            .topImages(explanation))
    }

    private func answer(
        _ kind: ExplanationKind, _ semantics: [Semantic], _ content: Answer.Content,
        _ explained: DrawingMaterial.Explained
    ) -> Answer {
        Answer(
            kind: kind, model: ModelIdentity(name: model.name, sha256: model.digest.hex),
            subject: .dataset(dataset.identity), semantics: semantics + [text("dataset", dataset.name)],
            content: content, material: DrawingMaterial(model: model, explained: explained))
    }

    private func text(_ name: String, _ value: String) -> Semantic { Semantic(name: name, value: .text(value)) }
}
