internal import Models
internal import Networks

/// A model as users of Netron would want to see it.
public struct ModelAnswer: Equatable, Sendable {
    /// Its name and digest.
    public let identity: ModelIdentity
    /// What it is; nil where its `model.json` does not say.
    public let summary: String?
    /// The licence of its weights; nil where its `model.json` does not say.
    public let license: String?
    /// The number of classes.
    public let classes: Int
    /// The class names in index order; nil where there are none.
    public let labels: [String]?
    /// The shape of its input.
    public let channels: Int, height: Int, width: Int
    /// Whether it takes pictures, or only NPY arrays.
    public let takesPictures: Bool
    /// The layer that explanations use unless told.
    public let defaultLayer: String
    /// Its layers in the order in which they are computed.
    public let layers: [LayerAnswer]

    /// One layer.
    public struct LayerAnswer: Equatable, Sendable {
        /// Its canonical name.
        public let name: String
        /// What it does, such as `convolution` or `max_pooling`.
        public let kind: String
        /// All names that find it: its nodes and values.
        public let values: [String]
        /// [C, H, W]; a dense layer's is [C, 1, 1].
        public let shape: [Int]
        /// The input pixels that one unit sees, and the step from one unit to the next.
        public let receptiveField: ReceptiveFieldAnswer
    }

    /// The size of a unit's receptive field and its step, in input pixels.
    public struct ReceptiveFieldAnswer: Equatable, Sendable {
        /// Rows and columns that one unit sees.
        public let height: Int, width: Int
        /// Pixels from one unit to the next, down and across.
        public let strideY: Int, strideX: Int
    }
}
