public import Tensors

/// The activations of a layer.
public struct ActivationsExplanation: Sendable {
    /// The canonical name of the layer.
    public let layer: String
    /// The feature maps shown, in the order of the array.
    public let featureMaps: [Int]
    /// Their activations, [maps, height, width]; height and width are 1 for a dense layer.
    public let activations: Tensor

    /// An explanation of these parts.
    public init(layer: String, featureMaps: [Int], activations: Tensor) {
        self.layer = layer
        self.featureMaps = featureMaps
        self.activations = activations
    }
}
