internal import Switchback

/// The small objects that several documents share.
enum WireNames {
    static func prediction(_ answer: ClassAnswer) -> JSON {
        .members([
            "class": .integer(answer.classIndex), "label": .optional(answer.label),
            "probability": .number(answer.probability), "logit": .number(answer.logit),
        ])
    }

    static func model(_ identity: ModelIdentity) -> JSON {
        .members(["name": .string(identity.name), "sha256": .string(identity.sha256)])
    }

    /// The member that says what is explained: `image` or `dataset`.
    static func subject(_ subject: Answer.Subject) -> JSON.Member {
        switch subject {
        case .image(let image):
            JSON.Member(
                "image",
                .members([
                    "sha256": .string(image.sha256), "width": .integer(image.width), "height": .integer(image.height),
                ]))
        case .dataset(let dataset):
            JSON.Member(
                "dataset",
                .members([
                    "name": .string(dataset.name), "sha256": .string(dataset.sha256),
                    "images": .integer(dataset.images),
                ]))
        }
    }

    static func value(_ value: Semantic.Value) -> JSON {
        switch value {
        case .text(let text): .string(text)
        case .integer(let number): .integer(number)
        case .numbers(let numbers): .array(numbers.map(JSON.number))
        }
    }
}
