/// One class of the network's answer.
public struct Prediction: Hashable, Sendable {
    /// The index of the class.
    public let classIndex: Int
    /// Its name; nil where the model has no labels.
    public let label: String?
    /// Its probability, 0 … 1.
    public let probability: Float
    /// Its logit, before the softmax.
    public let logit: Float

    /// A prediction of these parts.
    public init(classIndex: Int, label: String?, probability: Float, logit: Float) {
        self.classIndex = classIndex
        self.label = label
        self.probability = probability
        self.logit = logit
    }
}
