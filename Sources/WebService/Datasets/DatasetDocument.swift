internal import Switchback

/// A data set as the service tells of it.
struct DatasetDocument {
    private let dataset: Dataset

    init(_ dataset: Dataset) { self.dataset = dataset }

    /// In a list: which it is, and how much there is of it.
    var summary: JSON { .object(identity + [JSON.Member("broken", .integer(dataset.broken.count)), links]) }

    /// By itself: the labels, and what is broken.
    var json: JSON {
        .object(
            identity + [
                JSON.Member(
                    "labels",
                    .array(
                        dataset.labels.map { .members(["label": .string($0.label), "images": .integer($0.images)]) })),
                JSON.Member(
                    "broken",
                    .array(dataset.broken.map { .members(["name": .string($0.name), "reason": .string($0.reason)]) })),
                links,
            ])
    }

    private var identity: [JSON.Member] {
        [
            JSON.Member("name", .string(dataset.name)), JSON.Member("sha256", .string(dataset.digest)),
            JSON.Member("images", .integer(dataset.images.count)),
        ]
    }

    private var links: JSON.Member {
        JSON.Member(
            "links",
            .members([
                "self": .string(Address.dataset(dataset.name)),
                "ablation": .string("/ablation?dataset=\(Address.encoded(dataset.name))"),
                "top_images": .string("/top-images?dataset=\(Address.encoded(dataset.name))"),
            ]))
    }
}
