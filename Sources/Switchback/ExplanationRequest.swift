internal import Explainers

/// A question about one image: which explanation, with which options, in which form.
public struct ExplanationRequest: Sendable {
    /// Which explanation.
    public let kind: ExplanationKind
    /// The model's name; nil for the configured default.
    public let model: String?
    /// The form of the answer.
    public let output: OutputOptions
    /// The options of the kind, read and checked for form; whether model and image allow them is checked when it runs.
    let question: Question

    /// The name of the data set that is asked about; nil for a question about one image.
    public var dataset: String? { question.dataset }

    /// Reads `given` by the table of options.
    ///
    /// - Parameter acceptedFormat: the format that content negotiation chose, used where `format` is not given.
    /// - Throws: the first option that is unknown, given twice, misplaced or malformed.
    public init(
        _ kind: ExplanationKind, options given: [GivenOption], acceptedFormat: OutputFormat? = nil
    ) throws(SwitchbackError) {
        let reader = try OptionReader(given, kind: kind)
        self.kind = kind
        model = reader.text("model")
        output = try OutputOptions(reader, acceptedFormat: acceptedFormat)
        question = try Question(reader)
    }
}

/// The options of one kind as the explainers take them.
enum Question: Sendable {
    case predict(top: Int?)
    case activations(layer: String?, featureMaps: FeatureMapSelection)
    case deconv(layer: String?, featureMaps: FeatureMapSelection, unit: UnitSelection, options: DeconvNetOptions)
    case occlusion(OcclusionOptions)
    case ablation(AblationOptions)
    case accuracy(dataset: String, AblationOptions)
    case topImages(dataset: String, layer: String?, featureMaps: FeatureMapSelection, options: DeconvNetOptions)

    /// No side of an image, and no class or feature map, is beyond this.
    private static let largest = 1 << 20

    init(_ reader: OptionReader) throws(SwitchbackError) {
        let layer = reader.text("layer")
        switch reader.kind {
        case .predict:
            self = .predict(top: try reader.integer("top", in: 1...Self.largest))
        case .activations:
            self = .activations(layer: layer, featureMaps: try reader.featureMaps(default: .all))
        case .deconv:
            self = .deconv(
                layer: layer, featureMaps: try reader.featureMaps(default: .strongest), unit: try reader.unit(),
                options: try Self.deconvNetOptions(reader))
        case .occlusion:
            self = .occlusion(
                OcclusionOptions(
                    patch: try reader.integer("patch", in: 1...Self.largest),
                    stride: try reader.integer("stride", in: 1...Self.largest),
                    fill: try reader.numbers("fill", allowed: "one number, or one a channel with commas"),
                    of: try reader.choice("of", default: .probability), target: try reader.target(), layer: layer,
                    projection: try Self.deconvNetOptions(reader)))
        case .ablation:
            let options = AblationOptions(
                layer: layer, removals: try reader.removals(), target: try reader.target())
            self = reader.text("dataset").map { .accuracy(dataset: $0, options) } ?? .ablation(options)
        case .topImages:
            guard let dataset = reader.text("dataset") else {
                throw reader.bad("dataset", allowed: "the name of a data set, which has to be given")
            }
            self = .topImages(
                dataset: dataset, layer: layer, featureMaps: try reader.featureMaps(default: .strongest),
                options: try Self.deconvNetOptions(reader))
        }
    }

    /// The data set asked about; nil for a question about one image.
    var dataset: String? {
        switch self {
        case .accuracy(let dataset, _), .topImages(let dataset, _, _, _): dataset
        case .predict, .activations, .deconv, .occlusion, .ablation: nil
        }
    }

    private static func deconvNetOptions(_ reader: OptionReader) throws(SwitchbackError) -> DeconvNetOptions {
        DeconvNetOptions(
            overlap: try reader.choice("overlap", default: .sum), seed: try reader.choice("seed", default: .activation),
            lrn: try reader.choice("lrn", default: .identity),
            activations: try reader.choice("activations", default: .refuse))
    }
}
