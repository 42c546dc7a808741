public import Tensors

/// What the removal of some feature maps does to the network's answer.
public struct Ablation: Hashable, Sendable {
    /// The feature maps set to zero together.
    public let featureMaps: [Int]
    /// The target's logit in the whole network minus that without them.
    public let deltaLogit: Float
    /// The target's probability in the whole network minus that without them.
    public let deltaProbability: Float
    /// The most probable class without them.
    public let topClass: Int
    /// Its name; nil where the model has no labels.
    public let topLabel: String?
    /// Whether that is another class than in the whole network.
    public let flipped: Bool

    /// An ablation of these parts.
    public init(
        featureMaps: [Int], deltaLogit: Float, deltaProbability: Float, topClass: Int, topLabel: String?, flipped: Bool
    ) {
        self.featureMaps = featureMaps
        self.deltaLogit = deltaLogit
        self.deltaProbability = deltaProbability
        self.topClass = topClass
        self.topLabel = topLabel
        self.flipped = flipped
    }
}

/// What the feature maps of a layer contribute to the network's answer for an image.
public struct AblationExplanation: Sendable {
    /// The canonical name of the layer.
    public let layer: String
    /// The class watched, in the whole network; its most probable class where all are watched.
    public let target: Prediction
    /// Whether `deltaLogit` and `deltaProbability` hold all classes.
    public let coversAllClasses: Bool
    /// The removals, largest fall of the target's probability first; in the order of the arrays on a tie.
    public let ranked: [Ablation]
    /// The removal of the whole layer.
    public let layerRemoved: Ablation
    /// The removals in the order of the arrays: of the indices of single maps, of the request for groups.
    public let ablations: [Ablation]
    /// The logits without the maps, [removals, classes].
    public let logits: Tensor
    /// The falls of the logit, [removals], or [removals, classes] where all classes are watched.
    public let deltaLogit: Tensor
    /// The falls of the probability, of the same shape.
    public let deltaProbability: Tensor
    /// The logits of the whole network, [classes].
    public let unablatedLogits: Tensor
    /// The probabilities of the whole network, [classes].
    public let unablatedProbabilities: Tensor

    /// An explanation of these parts.
    public init(
        layer: String, target: Prediction, coversAllClasses: Bool, ranked: [Ablation], layerRemoved: Ablation,
        ablations: [Ablation], logits: Tensor, deltaLogit: Tensor, deltaProbability: Tensor, unablatedLogits: Tensor,
        unablatedProbabilities: Tensor
    ) {
        self.layer = layer
        self.target = target
        self.coversAllClasses = coversAllClasses
        self.ranked = ranked
        self.layerRemoved = layerRemoved
        self.ablations = ablations
        self.logits = logits
        self.deltaLogit = deltaLogit
        self.deltaProbability = deltaProbability
        self.unablatedLogits = unablatedLogits
        self.unablatedProbabilities = unablatedProbabilities
    }
}
