public import Switchback
internal import Tensors

/// An answer as the service and the command line's `--format json` write it (DESIGN section 6).
public struct AnswerDocument {
    private let answer: Answer
    private let arrays: ArrayDocument
    private let links: AnswerLinks?

    /// The document of `answer`, its arrays in `encoding`.
    public init(_ answer: Answer, arrays encoding: ArrayEncoding) {
        self.init(answer, arrays: encoding, links: nil)
    }

    /// The document of an answer that has an address where there are links.
    init(_ answer: Answer, arrays encoding: ArrayEncoding, links: AnswerLinks?) {
        self.answer = answer
        self.links = links
        arrays = ArrayDocument(encoding: encoding)
    }

    /// The document: the result's members first, then `model`, `image`, `semantics` and `version`; `links` last, where
    /// the image is kept.
    public var json: JSON {
        .object(content + identity + (links.map { [JSON.Member("links", $0.json)] } ?? []))
    }

    private var identity: [JSON.Member] {
        [
            JSON.Member("model", WireNames.model(answer.model)),
            WireNames.subject(answer.subject),
            JSON.Member("semantics", .object(answer.semantics.map { JSON.Member($0.name, WireNames.value($0.value)) })),
            JSON.Member("version", .string(Version.current)),
        ]
    }

    private var content: [JSON.Member] {
        switch answer.content {
        case .predict(let predictions):
            [JSON.Member("predictions", .array(predictions.map(WireNames.prediction)))]
        case .activations(let layer, let featureMaps, let activations):
            [
                JSON.Member("layer", .string(layer)),
                JSON.Member("feature_maps", .array(featureMaps.map(JSON.integer))),
                JSON.Member("activations", arrays.json(activations)),
            ]
        case .deconv(let layer, let projections):
            [
                JSON.Member("layer", .string(layer)),
                JSON.Member("projections", .array(projections.map { .object(Self.members(of: $0, arrays)) })),
            ]
        case .occlusion(let occlusion): members(of: occlusion)
        case .ablation(let ablation): members(of: ablation)
        case .accuracy(let accuracy): AccuracyDocument(accuracy).members
        case .topImages(let topImages): TopImagesDocument(topImages, arrays: arrays).members
        }
    }

    /// A projection, wherever it stands.
    static func members(of projection: ProjectionAnswer, _ arrays: ArrayDocument) -> [JSON.Member] {
        [
            JSON.Member("feature_map", .integer(projection.featureMap)),
            JSON.Member("unit", projection.unit.map { .array($0.map(JSON.integer)) } ?? .null),
            JSON.Member("activation", .number(projection.activation)),
            JSON.Member("receptive_field", .array(projection.receptiveField.map(JSON.integer))),
            JSON.Member("scale", .number(projection.scale)),
            JSON.Member("projection", arrays.json(projection.projection)),
        ]
    }

    private func members(of occlusion: OcclusionAnswer) -> [JSON.Member] {
        [
            JSON.Member("grid", json(of: occlusion.grid)),
            JSON.Member("target", WireNames.prediction(occlusion.target)),
            JSON.Member("delta", arrays.json(occlusion.delta)),
            JSON.Member("occluded", arrays.json(occlusion.occluded)),
            JSON.Member("top_class", arrays.json(occlusion.topClass)),
            JSON.Member(
                "classes",
                .object(occlusion.classes.map { JSON.Member(String($0.classIndex), .optional($0.label)) })),
            JSON.Member("activity", json(of: occlusion.activity)),
        ]
    }

    private func json(of grid: OcclusionAnswer.Grid) -> JSON {
        .members([
            "rows": .integer(grid.rows), "columns": .integer(grid.columns),
            "centers_y": .array(grid.centersY.map(JSON.integer)), "centers_x": .array(grid.centersX.map(JSON.integer)),
            "patch": .integer(grid.patch), "stride": .integer(grid.stride), "fill": .array(grid.fill.map(JSON.number)),
            "uncovered": .integer(grid.uncovered),
        ])
    }

    private func json(of activity: OcclusionAnswer.Activity) -> JSON {
        var members = [
            JSON.Member("layer", .string(activity.layer)),
            JSON.Member("feature_map", .integer(activity.featureMap)),
            JSON.Member("unoccluded", .number(activity.unoccluded)),
            JSON.Member("map", arrays.json(activity.map)),
            JSON.Member("projection", activity.projection.map { arrays.json($0) } ?? .null),
        ]
        if let refusal = activity.refusal { members.append(JSON.Member("projection_refused", .string(refusal))) }
        return .object(members)
    }

    private func members(of ablation: AblationAnswer) -> [JSON.Member] {
        var members = [
            JSON.Member("layer", .string(ablation.layer)),
            JSON.Member("target", WireNames.prediction(ablation.target)),
            JSON.Member("ablations", .array(ablation.ablations.map(json(of:)))),
            JSON.Member("layer_removed", json(of: ablation.layerRemoved)),
        ]
        if let all = ablation.allClasses {
            members.append(JSON.Member("delta_logit", arrays.json(all.deltaLogit)))
            members.append(JSON.Member("delta_probability", arrays.json(all.deltaProbability)))
        }
        return members
    }

    private func json(of removal: AblationAnswer.Removal) -> JSON {
        .members([
            "feature_maps": .array(removal.featureMaps.map(JSON.integer)), "delta_logit": .number(removal.deltaLogit),
            "delta_probability": .number(removal.deltaProbability), "top_class": .integer(removal.topClass),
            "top_label": .optional(removal.topLabel), "flipped": .bool(removal.flipped),
        ])
    }
}
