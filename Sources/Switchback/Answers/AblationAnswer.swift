public import Tensors

/// What changes when feature maps of one layer are set to zero after its activation.
public struct AblationAnswer: Sendable {
    /// The layer's canonical name.
    public let layer: String
    /// The class that is followed, unablated; with `target=all` the unablated top-1.
    public let target: ClassAnswer
    /// Every removal, largest fall in the target's probability first.
    public let ablations: [Removal]
    /// The whole layer removed.
    public let layerRemoved: Removal
    /// With `target=all` the deltas [removals, classes] in index order: of logits, and of probabilities.
    public let allClasses: (deltaLogit: Tensor, deltaProbability: Tensor)?

    /// One removal.
    public struct Removal: Equatable, Sendable {
        /// The maps set to zero together.
        public let featureMaps: [Int]
        /// Unablated − ablated logit of the target.
        public let deltaLogit: Float
        /// Unablated − ablated probability of the target.
        public let deltaProbability: Float
        /// The most probable class without the maps.
        public let topClass: Int
        /// Its label; nil where the model has none.
        public let topLabel: String?
        /// Whether the most probable class changed.
        public let flipped: Bool
    }
}
