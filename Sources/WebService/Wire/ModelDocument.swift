public import Switchback

/// A model as `GET /models/{name}` and `switchback models` write it.
public struct ModelDocument {
    private let model: ModelAnswer

    /// The document of `model`.
    public init(_ model: ModelAnswer) { self.model = model }

    /// The document.
    public var json: JSON {
        .members([
            "name": .string(model.identity.name), "sha256": .string(model.identity.sha256),
            "description": .optional(model.summary), "license": .optional(model.license),
            "classes": .integer(model.classes),
            "labels": model.labels.map { .array($0.map(JSON.string)) } ?? .null,
            "input": .members([
                "channels": .integer(model.channels), "height": .integer(model.height), "width": .integer(model.width),
                "pictures": .bool(model.takesPictures),
            ]),
            "default_layer": .string(model.defaultLayer), "layers": .array(model.layers.map(Self.json(of:))),
        ])
    }

    private static func json(of layer: ModelAnswer.LayerAnswer) -> JSON {
        let field = layer.receptiveField
        return .members([
            "name": .string(layer.name), "kind": .string(layer.kind),
            "values": .array(layer.values.map(JSON.string)), "shape": .array(layer.shape.map(JSON.integer)),
            "receptive_field": .members([
                "height": .integer(field.height), "width": .integer(field.width), "stride_y": .integer(field.strideY),
                "stride_x": .integer(field.strideX),
            ]),
        ])
    }
}

/// The models there are, as `GET /models` and `switchback models --format json` write them.
public struct ModelListDocument {
    private let names: [String]
    private let defaultName: String

    /// The document of the models of `engine`.
    public init(_ engine: ExplanationEngine) {
        names = engine.modelNames
        defaultName = engine.defaultModelName
    }

    /// The document.
    public var json: JSON {
        .members([
            "models": .array(
                names.map { .members(["name": .string($0), "default": .bool($0 == defaultName)]) })
        ])
    }
}
