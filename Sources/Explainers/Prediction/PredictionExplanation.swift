public import Tensors

/// What the network says of an image.
public struct PredictionExplanation: Sendable {
    /// The most probable classes, most probable first; the lower index first on a tie.
    public let predictions: [Prediction]
    /// The logits of all classes, [classes].
    public let logits: Tensor
    /// The probabilities of all classes, [classes]; they sum to 1.
    public let probabilities: Tensor

    /// An explanation of these parts.
    public init(predictions: [Prediction], logits: Tensor, probabilities: Tensor) {
        self.predictions = predictions
        self.logits = logits
        self.probabilities = probabilities
    }
}
