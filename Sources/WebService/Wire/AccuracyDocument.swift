internal import Switchback

/// Ablation over a data set as it is written (DESIGN section 6).
struct AccuracyDocument {
    private let accuracy: AccuracyAnswer

    init(_ accuracy: AccuracyAnswer) { self.accuracy = accuracy }

    var members: [JSON.Member] {
        [
            JSON.Member("layer", .string(accuracy.layer)),
            JSON.Member(
                "accuracy",
                .members([
                    "images": .integer(accuracy.images), "top1": accuracy.top1.map(JSON.double) ?? .null,
                    "top5": accuracy.top5.map(JSON.double) ?? .null,
                    "ablations": .array(accuracy.falls.map(json(of:))),
                    "layer_removed": json(of: accuracy.layerRemoved),
                ])),
        ]
    }

    private func json(of fall: AccuracyAnswer.Fall) -> JSON {
        .members([
            "feature_maps": .array(fall.featureMaps.map(JSON.integer)), "delta_top1": json(of: fall.top1),
            "delta_top5": json(of: fall.top5), "flips": .list(JSONElements(fall.flips, Self.json(of:))),
        ])
    }

    private func json(of difference: AccuracyAnswer.Difference) -> JSON {
        .members([
            "value": .double(difference.value), "low": .double(difference.low), "high": .double(difference.high),
        ])
    }

    private static func json(of flip: AccuracyAnswer.Flip) -> JSON {
        .members(["image": .string(flip.image), "from": .integer(flip.from), "to": .integer(flip.to)])
    }
}
