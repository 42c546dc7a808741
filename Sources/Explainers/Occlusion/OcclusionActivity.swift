public import Tensors

/// How a feature map answers to the patch: panels b and c of the paper's figure 7.
public struct OcclusionActivity: Sendable {
    /// The canonical name of the layer.
    public let layer: String
    /// The feature map of the layer that is strongest in the unoccluded image.
    public let featureMap: Int
    /// The sum of its activations in the unoccluded image.
    public let unoccluded: Float
    /// The sum of its activations with the patch at each position, [rows, columns].
    public let map: Tensor
    /// The projection of its strongest unit in the unoccluded image; nil where a DeconvNet is not defined.
    public let projection: Projection?
    /// Why there is no projection, in words; nil where there is one.
    public let refusal: String?

    /// An activity of these parts.
    public init(
        layer: String, featureMap: Int, unoccluded: Float, map: Tensor, projection: Projection?, refusal: String?
    ) {
        self.layer = layer
        self.featureMap = featureMap
        self.unoccluded = unoccluded
        self.map = map
        self.projection = projection
        self.refusal = refusal
    }
}
