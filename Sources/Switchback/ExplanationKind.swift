/// What can be asked of a model and an image: one kind a route of the service and a command of the tool.
public enum ExplanationKind: String, CaseIterable, Sendable {
    /// The most probable classes.
    case predict
    /// The feature maps of one layer.
    case activations
    /// DeconvNet projections of units down to the pixels (Zeiler & Fergus, section 2.1).
    case deconv
    /// Occlusion heatmaps (Zeiler & Fergus, section 4.2 and figure 7).
    case occlusion
    /// What changes when feature maps are set to zero.
    case ablation
    /// The images of a data set that excite feature maps most (Zeiler & Fergus, figure 2).
    case topImages = "top-images"

    /// Whether it is about a data set, and never about one image.
    public var isAboutDatasets: Bool { self == .topImages }

    /// Those that one image can be asked about.
    public static let aboutImages = allCases.filter { !$0.isAboutDatasets }

    /// The pictures this kind can be drawn as, the default first.
    public var views: [String] {
        switch self {
        case .predict: ["bars"]
        case .activations: ["grid"]
        case .deconv: ["projection", "pair", "overlay"]
        case .occlusion: ["overlay", "heatmap", "occluded", "top_class", "activity", "figure"]
        case .ablation: ["ranking", "grid"]
        case .topImages: ["squares"]
        }
    }

    /// The arrays this kind can be answered with as NPY, the default first.
    public var arrays: [String] {
        switch self {
        case .predict: ["probabilities", "logits", "input"]
        case .activations: ["activations"]
        case .deconv: ["projections"]
        case .occlusion: ["delta", "occluded", "top_class", "activity"]
        case .ablation: ["delta_probability", "delta_logit", "logits"]
        case .topImages: ["projections", "activations"]
        }
    }
}

extension ExplanationKind {
    /// The pictures this kind can be drawn as over a data set, the default first.
    public var datasetViews: [String] { self == .ablation ? ["ranking"] : views }

    /// The arrays this kind can be answered with as NPY over a data set, the default first.
    public var datasetArrays: [String] { self == .ablation ? ["delta_top1", "delta_top5"] : arrays }
}

/// The form of an answer.
public enum OutputFormat: String, CaseIterable, Sendable {
    /// An `application/json` document with every number.
    case json
    /// An `image/png` picture of one view.
    case png
    /// One array as an `application/x-npy` file.
    case npy
}

/// How arrays stand inside a JSON answer.
public enum ArrayEncoding: String, CaseIterable, Sendable {
    /// `{"shape": …, "dtype": "float32", "data": "<base64, little-endian>"}`.
    case base64
    /// Nested lists of numbers.
    case nested
}
