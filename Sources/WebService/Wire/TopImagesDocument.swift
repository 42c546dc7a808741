internal import Switchback
internal import Tensors

/// The images that excite feature maps most, as they are written.
struct TopImagesDocument {
    private let answer: TopImagesAnswer
    private let arrays: ArrayDocument

    init(_ answer: TopImagesAnswer, arrays: ArrayDocument) {
        self.answer = answer
        self.arrays = arrays
    }

    var members: [JSON.Member] {
        [
            JSON.Member("layer", .string(answer.layer)), JSON.Member("images", .integer(answer.images)),
            JSON.Member("maps", .array(answer.maps.map(json(of:)))),
        ]
    }

    private func json(of map: TopImagesAnswer.Map) -> JSON {
        .members([
            "feature_map": .integer(map.featureMap), "top_images": .array(map.exciters.map(json(of:))),
        ])
    }

    private func json(of exciter: TopImagesAnswer.Exciter) -> JSON {
        .object(
            [JSON.Member("image", .string(exciter.image)), JSON.Member("sha256", .string(exciter.sha256))]
                + AnswerDocument.members(of: exciter.projection, arrays).filter { $0.name != "feature_map" })
    }
}
