/// One option as users know it: its name, what it may be, and where it applies.
///
/// The table of these is the only list of options there is: the reader, the command line's help, the error messages and
/// the test that compares `openapi.yaml` and the README all ask it.
public struct OptionDefinition: Sendable {
    /// The name in queries, forms and JSON; the command line's flag has dashes in place of underscores.
    public let name: String
    /// The values in words, the default first.
    public let values: String
    /// What it decides, in one sentence.
    public let summary: String
    /// The kinds of explanation that take it.
    public let kinds: [ExplanationKind]
    /// The only format it goes with; nil for all.
    public let format: OutputFormat?

    init(
        _ name: String, _ values: String, _ summary: String, kinds: [ExplanationKind] = ExplanationKind.allCases,
        format: OutputFormat? = nil
    ) {
        self.name = name
        self.values = values
        self.summary = summary
        self.kinds = kinds
        self.format = format
    }

    /// The flag of the command line: the name with dashes.
    public var flag: String { "--" + name.replacing("_", with: "-") }
}

extension OptionDefinition {
    /// Every option, in the order in which documentation lists them (DESIGN section 6).
    public static let all: [OptionDefinition] = output + shared + deconvNet + occlusion

    /// The options of `kind`.
    public static func options(of kind: ExplanationKind) -> [OptionDefinition] {
        all.filter { $0.kinds.contains(kind) }
    }

    private static let output = [
        OptionDefinition("model", "the configured default; the name of a model", "The model to explain."),
        OptionDefinition("format", "json; png; npy", "The form of the answer; unless told, the Accept field's."),
        OptionDefinition(
            "arrays", "base64; nested",
            "How arrays stand in JSON: base64 of little-endian floats, or lists of numbers.", format: .json),
        OptionDefinition("view", "the first picture of the route; another", "Which picture is drawn.", format: .png),
        OptionDefinition("width", "chosen by the view; 64 to 4096", "The picture's width in pixels.", format: .png),
        OptionDefinition(
            "background", "opaque; none", "What lies behind a heatmap: a labelled page, or nothing (transparent).",
            kinds: [.occlusion], format: .png),
        OptionDefinition("array", "the first array of the route; another", "Which array is answered.", format: .npy),
        OptionDefinition("top", "5; a number from 1 to the number of classes", "How many classes.", kinds: [.predict]),
    ]

    private static let shared = [
        OptionDefinition(
            "layer", "the last layer with height and width below the classifier; a layer's name", "The layer.",
            kinds: [.activations, .deconv, .occlusion, .ablation, .topImages]),
        OptionDefinition(
            "feature_map", "strongest; 7; 7,9; top:9; all",
            "The feature maps (all of them for activations and ablation, where 3+5 is a group removed together).",
            kinds: [.activations, .deconv, .ablation, .topImages]),
        OptionDefinition(
            "target", "the unoccluded top-1; a class index; a label; all",
            "The class whose probability and logit are followed.", kinds: [.occlusion, .ablation]),
        OptionDefinition(
            "dataset", "none; the name of a data set",
            "The images to look at, in place of one: labelled ones for ablation, which then tells the fall of accuracy.",
            kinds: [.ablation, .topImages]),
    ]

    private static let deconvNet = [
        OptionDefinition("unit", "strongest; y,x; map", "The unit of the feature map.", kinds: [.deconv]),
        OptionDefinition(
            "overlap", "sum; max; last", "What pooling windows that chose the same position leave there.",
            kinds: [.deconv, .occlusion, .topImages]),
        OptionDefinition(
            "seed", "activation; one", "What the projection starts from: the unit's own activation, or 1.",
            kinds: [.deconv, .occlusion, .topImages]),
        OptionDefinition(
            "lrn", "identity; gradient", "What local response normalisation does to the signal.",
            kinds: [.deconv, .occlusion, .topImages]),
        OptionDefinition(
            "activations", "refuse; gradient",
            "What happens at activations that a DeconvNet is not defined for: an error, or their derivative.",
            kinds: [.deconv, .occlusion, .topImages]),
    ]

    private static let occlusion = [
        OptionDefinition(
            "patch", "a seventh of the shorter side; 1 to the longer side", "The side of the patch in pixels.",
            kinds: [.occlusion]),
        OptionDefinition(
            "stride", "a quarter of the patch; 1 to the longer side", "The step between patches in pixels.",
            kinds: [.occlusion]),
        OptionDefinition(
            "fill", "128 (0 with NPY input); a number; one number a channel",
            "The patch's colour, in pixel units; with NPY input in network units.", kinds: [.occlusion]),
        OptionDefinition(
            "of", "probability; logit", "What the heatmap measures.", kinds: [.occlusion]),
    ]
}
