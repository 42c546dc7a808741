internal import Blobs
internal import Explainers
internal import Models

/// Puts explanations over data sets into the words of the interface, with the semantics in force.
struct DatasetComposer {
    let dataset: LabelledDataset

    func accuracy(_ explanation: AccuracyExplanation, options: AblationOptions) -> Answer {
        let model = dataset.model
        let identity = dataset.open.dataset.identity
        return Answer(
            kind: .ablation, model: ModelIdentity(name: model.name, sha256: model.digest.hex),
            subject: .dataset(identity),
            semantics: [
                Semantic(name: "layer", value: .text(explanation.layer)),
                Semantic(name: "feature_map", value: .text(options.removals.text)),
                Semantic(name: "dataset", value: .text(identity.name)),
                Semantic(name: "interval", value: .text("95 %, Newcombe's for paired data")),
            ],
            content: .accuracy(AccuracyAnswer(explanation, images: dataset.open.dataset.images, model: model)),
            material: DrawingMaterial(model: model, explained: .accuracy(explanation)))
    }
}
