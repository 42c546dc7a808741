public import Tensors

/// What happens to the network's answer while a patch hides one place of the image after another: all that figure 7 of
/// the paper shows.
public struct OcclusionExplanation: Sendable {
    /// The positions.
    public let grid: OcclusionGrid
    /// What the patch was filled with.
    public let fill: OcclusionFill
    /// Whether the maps hold probabilities or logits.
    public let of: ClassQuantity
    /// The class watched, in the unoccluded image; its most probable class where all are watched.
    public let target: Prediction
    /// Whether `delta` and `occluded` hold all classes.
    public let coversAllClasses: Bool
    /// The value in the unoccluded image minus that with the patch: [rows, columns], or [classes, rows, columns].
    public let delta: Tensor
    /// The value with the patch, of the same shape.
    public let occluded: Tensor
    /// The most probable class with the patch at each position, [rows, columns].
    public let topClass: IndexTensor
    /// The classes that occur in `topClass`, by index.
    public let classes: [ClassName]
    /// The logits of the unoccluded image, [classes].
    public let logits: Tensor
    /// The probabilities of the unoccluded image, [classes].
    public let probabilities: Tensor
    /// How the strongest feature map of a layer answers.
    public let activity: OcclusionActivity

    /// An explanation of these parts.
    public init(
        grid: OcclusionGrid, fill: OcclusionFill, of: ClassQuantity, target: Prediction, coversAllClasses: Bool,
        delta: Tensor, occluded: Tensor, topClass: IndexTensor, classes: [ClassName], logits: Tensor,
        probabilities: Tensor, activity: OcclusionActivity
    ) {
        self.grid = grid
        self.fill = fill
        self.of = of
        self.target = target
        self.coversAllClasses = coversAllClasses
        self.delta = delta
        self.occluded = occluded
        self.topClass = topClass
        self.classes = classes
        self.logits = logits
        self.probabilities = probabilities
        self.activity = activity
    }

    /// The delta of one class, [rows, columns]; nil where it was not computed.
    public func delta(of classIndex: Int) -> Tensor? { map(of: classIndex, in: delta) }

    /// The value of one class with the patch, [rows, columns]; nil where it was not computed.
    public func occluded(of classIndex: Int) -> Tensor? { map(of: classIndex, in: occluded) }

    private func map(of classIndex: Int, in maps: Tensor) -> Tensor? {
        guard coversAllClasses else { return classIndex == target.classIndex ? maps : nil }
        return (0..<maps.shape[0]).contains(classIndex) ? maps.slice(classIndex) : nil
    }
}
