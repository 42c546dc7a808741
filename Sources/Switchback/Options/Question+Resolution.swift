internal import Explainers
internal import Models
internal import Networks
internal import Tensors

extension Question {
    /// The same question in the words of `model`.
    func resolved(for model: Model) throws -> Question {
        switch self {
        case .predict(let top): return .predict(top: top ?? min(5, model.network.classes))
        case .activations(let layer, let maps):
            return .activations(layer: try Self.canonical(layer, in: model), featureMaps: maps)
        case .deconv(let layer, let maps, let unit, let options):
            return .deconv(
                layer: try Self.canonical(layer, in: model), featureMaps: maps, unit: unit, options: options)
        case .occlusion(var options):
            let input = model.network.inputShape
            let patch = options.patch(height: input[1], width: input[2])
            options.stride = options.stride(patch: patch)
            options.patch = patch
            options.layer = try Self.canonical(options.layer, in: model)
            options.target = try Self.canonical(options.target, in: model)
            return .occlusion(options)
        case .ablation(var options):
            options.layer = try Self.canonical(options.layer, in: model)
            options.target = try Self.canonical(options.target, in: model)
            return .ablation(options)
        case .accuracy(let dataset, var options):
            options.layer = try Self.canonical(options.layer, in: model)
            return .accuracy(dataset: dataset, options)
        case .topImages(let dataset, let layer, let maps, let options):
            return .topImages(
                dataset: dataset, layer: try Self.canonical(layer, in: model), featureMaps: maps, options: options)
        }
    }

    /// The options of the kind by their names, in the notation in which they are given.
    var values: [String: String] {
        switch self {
        case .predict(let top): Self.given(["top": top.map(String.init)])
        case .activations(let layer, let maps): Self.given(["layer": layer, "feature_map": maps.text])
        case .deconv(let layer, let maps, let unit, let options):
            Self.given(["layer": layer, "feature_map": maps.text, "unit": unit.text])
                .merging(Self.values(of: options)) { $1 }
        case .occlusion(let options):
            Self.given([
                "layer": options.layer, "target": Self.given(options.target),
                "patch": options.patch.map(String.init), "stride": options.stride.map(String.init),
                "fill": options.fill.map { $0.map(Self.text).joined(separator: ",") }, "of": options.of.rawValue,
            ]).merging(Self.values(of: options.projection)) { $1 }
        case .ablation(let options): Self.values(of: options)
        case .accuracy(let dataset, let options): Self.values(of: options).merging(["dataset": dataset]) { $1 }
        case .topImages(let dataset, let layer, let maps, let options):
            Self.given(["dataset": dataset, "layer": layer, "feature_map": maps.text])
                .merging(Self.values(of: options)) { $1 }
        }
    }

    private static func values(of options: DeconvNetOptions) -> [String: String] {
        [
            "overlap": options.overlap.rawValue, "seed": options.seed.rawValue, "lrn": options.lrn.rawValue,
            "activations": options.activations.rawValue,
        ]
    }

    private static func values(of options: AblationOptions) -> [String: String] {
        given([
            "layer": options.layer, "feature_map": options.removals.text, "target": given(options.target),
        ])
    }

    private static func given(_ values: [String: String?]) -> [String: String] { values.compactMapValues { $0 } }

    /// The target as it is given; nil for the strongest class, which no option names.
    private static func given(_ target: Target) -> String? { target == .strongest ? nil : target.text }

    /// The shortest decimal that reads back as the same float, whole numbers without a point.
    private static func text(_ value: Float) -> String {
        let text = value.description
        return text.hasSuffix(".0") && value != 0 ? String(text.dropLast(2)) : text
    }

    /// The canonical name of a layer, unless it would lead to another one.
    private static func canonical(_ name: String?, in model: Model) throws -> String {
        let network = model.network
        guard let name else { return network.defaultLayer.name }
        let layer = try network.layer(named: name)
        return try network.layer(named: layer.name).index == layer.index ? layer.name : name
    }

    private static func canonical(_ target: Target, in model: Model) throws -> Target {
        guard case .label(let text) = target else { return target }
        return .index(try model.classIndex(named: text))
    }
}
