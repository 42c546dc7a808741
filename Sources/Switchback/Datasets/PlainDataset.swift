internal import Explainers
internal import Models

/// A set as one model's network takes its images; labels do not matter.
struct PlainDataset: ImageSet {
    let model: Model
    let open: OpenDataset
    let engine: ExplanationEngine

    var count: Int { open.dataset.images.count }

    func input(_ index: Int) throws -> PreparedInput {
        let image = open.dataset.images[index]
        let input = ImageInput(recognizing: try open.bytes(of: image))
        do {
            return try engine.prepare(input, sha256: image.sha256, for: model).input
        } catch SwitchbackError.badImage(let fault, let reason) {
            throw SwitchbackError.badImage(
                fault,
                reason: "image '\(Spelling.shortened(image.name))' of data set '\(open.dataset.name)': \(reason)")
        }
    }
}
