import Models
import Networks
import Tensors

/// The network's answers for a batch of images, a row an image.
struct ClassOutputs: Equatable, Sendable {
    /// Logits, then probabilities, [images × classes] in row-major order.
    let logits: [Float]
    let probabilities: [Float]
    let classes: Int

    init(logits: [Float], probabilities: [Float], classes: Int) {
        precondition(
            logits.count == probabilities.count && logits.count % classes == 0,
            "\(logits.count) logits and \(probabilities.count) probabilities of \(classes) classes")
        self.logits = logits
        self.probabilities = probabilities
        self.classes = classes
    }

    init(_ trace: ForwardTrace) {
        self.init(
            logits: trace.logits.values, probabilities: trace.probabilities.values, classes: trace.network.classes)
    }

    /// The class with the largest logit of the first image.
    var strongest: Int { strongest(image: 0) }

    /// The class with the largest logit of an image, the lowest on a tie.
    func strongest(image: Int) -> Int { row(image, of: .logit).indexOfMaximum() }

    /// The values of an image for every class.
    func row(_ image: Int, of quantity: ClassQuantity) -> ArraySlice<Float> {
        let values = quantity == .logit ? logits : probabilities
        return values[image * classes..<(image + 1) * classes]
    }

    /// The value of an image for one class.
    func value(_ image: Int, class classIndex: Int, of quantity: ClassQuantity) -> Float {
        precondition((0..<classes).contains(classIndex), "class \(classIndex) of \(classes)")
        return (quantity == .logit ? logits : probabilities)[image * classes + classIndex]
    }

    /// The values of the first image, [classes].
    func tensor(of quantity: ClassQuantity) -> Tensor {
        Tensor(shape: [classes], values: Array(row(0, of: quantity)))
    }

    /// What the first image gives for a class.
    func prediction(of classIndex: Int, model: Model) -> Prediction {
        Prediction(
            classIndex: classIndex, label: model.label(of: classIndex),
            probability: value(0, class: classIndex, of: .probability), logit: value(0, class: classIndex, of: .logit))
    }
}
