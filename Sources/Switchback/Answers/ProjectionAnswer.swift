public import Tensors

/// One DeconvNet projection (Zeiler & Fergus, section 2.1).
public struct ProjectionAnswer: Equatable, Sendable {
    /// The feature map's index.
    public let featureMap: Int
    /// The unit's row and column in its map; nil for dense layers and whole maps.
    public let unit: [Int]?
    /// The unit's activation; of a whole map its maximum.
    public let activation: Float
    /// The unit's receptive field [y0, x0, y1, x1] in input pixels, end-exclusive, clipped to the input.
    public let receptiveField: [Int]
    /// The scale of its picture: the 99.9th percentile of the magnitudes that are not zero, beyond which nothing is drawn
    /// stronger.
    public let scale: Float
    /// The projection [C, H, W], signed, in the network's input units.
    public let projection: Tensor
}
