public import Tensors

/// All that one occlusion sweep shows (Zeiler & Fergus, figure 7).
public struct OcclusionAnswer: Sendable {
    /// Where the patches were.
    public let grid: Grid
    /// The class that is followed, unoccluded; with `target=all` the unoccluded top-1.
    public let target: ClassAnswer
    /// S(x) − S(occluded x): [rows, columns], or [classes, rows, columns] with `target=all`.
    public let delta: Tensor
    /// The target's probability or logit with the patch in place, shaped like `delta`.
    public let occluded: Tensor
    /// The most probable class with the patch in place [rows, columns].
    public let topClass: IndexTensor
    /// The classes that occur in `topClass`, ascending, with their labels.
    public let classes: [(classIndex: Int, label: String?)]
    /// The summed activity of one feature map.
    public let activity: Activity

    /// Where the patches were, in pixels of the network's input.
    public struct Grid: Equatable, Sendable {
        /// The number of patch positions down and across.
        public let rows: Int, columns: Int
        /// The rows and columns of the patches' centres.
        public let centersY: [Int], centersX: [Int]
        /// The patch's side and the step between patches.
        public let patch: Int, stride: Int
        /// The patch's colour, one number a channel, in the units that the semantics name.
        public let fill: [Float]
        /// How many pixels no patch covers.
        public let uncovered: Int
    }

    /// The summed activity of the layer's strongest feature map (chosen in the unoccluded image) at each position.
    public struct Activity: Sendable {
        /// The layer's canonical name.
        public let layer: String
        /// The feature map's index.
        public let featureMap: Int
        /// The sum in the unoccluded image.
        public let unoccluded: Float
        /// The sum with the patch in place [rows, columns].
        public let map: Tensor
        /// The projection [C, H, W] of the map's strongest unit; nil where a DeconvNet is not defined for the model.
        public let projection: Tensor?
        /// Why there is no projection.
        public let refusal: String?
    }
}
