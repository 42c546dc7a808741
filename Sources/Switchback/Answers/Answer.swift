public import Tensors

/// A finished explanation, as plain values, with all that is needed to draw it.
///
/// It is a pure function of model, image and options: the same request gives the same answer to the last bit.
public struct Answer: Sendable {
    /// Which explanation.
    public let kind: ExplanationKind
    /// The model that was explained.
    public let model: ModelIdentity
    /// What it was explained on.
    public let subject: Subject
    /// Every option in force, defaults included, in the order of the table of options.
    public let semantics: [Semantic]
    /// The result.
    public let content: Content
    /// What the pictures are drawn from.
    let material: DrawingMaterial

    /// The result of each kind.
    public enum Content: Sendable {
        /// The most probable classes, most probable first.
        case predict([ClassAnswer])
        /// The feature maps [maps, H, W] of a layer.
        case activations(layer: String, featureMaps: [Int], activations: Tensor)
        /// Projections in the order asked for, or strongest first.
        case deconv(layer: String, projections: [ProjectionAnswer])
        /// Heatmaps.
        case occlusion(OcclusionAnswer)
        /// Deltas.
        case ablation(AblationAnswer)
        /// Falls of accuracy over a labelled set.
        case accuracy(AccuracyAnswer)
        /// The images of a set that excite feature maps most.
        case topImages(TopImagesAnswer)
    }

    /// What is explained.
    public enum Subject: Equatable, Sendable {
        /// One image.
        case image(ImageIdentity)
        /// A set of labelled images.
        case dataset(DatasetIdentity)
    }
}

/// Which model: its name and the SHA-256 of its `model.onnx` in hexadecimal.
public struct ModelIdentity: Equatable, Sendable {
    /// The model folder's name, or the name that its `model.json` gives.
    public let name: String
    /// 64 hexadecimal digits.
    public let sha256: String
}

/// Which image: the SHA-256 of the bytes that were sent, and the size in pixels (of the network's input with NPY).
public struct ImageIdentity: Equatable, Sendable {
    /// 64 hexadecimal digits.
    public let sha256: String
    /// Pixels, after orientation.
    public let width: Int
    /// Pixels, after orientation.
    public let height: Int
}

/// One option in force.
public struct Semantic: Equatable, Sendable {
    /// The option's name.
    public let name: String
    /// Its value.
    public let value: Value

    /// A word, a whole number, or floats.
    public enum Value: Equatable, Sendable {
        /// A word or a selection in the options' own notation.
        case text(String)
        /// A whole number.
        case integer(Int)
        /// One number a channel.
        case numbers([Float])
    }
}

/// One class with its probability and logit.
public struct ClassAnswer: Equatable, Sendable {
    /// The class index from 0.
    public let classIndex: Int
    /// Its label; nil where the model has none.
    public let label: String?
    /// Softmax probability, 0 … 1.
    public let probability: Float
    /// The value before the softmax.
    public let logit: Float
}
