public import Imaging
public import Tensors

/// What a unit of a layer responds to, in the space of the network's input.
public struct Projection: Equatable, Sendable {
    /// The feature map of the unit.
    public let featureMap: Int
    /// The unit; nil for a dense layer, which has no positions, and for a whole map.
    public let unit: UnitPosition?
    /// The activation of the unit; of a whole map its largest.
    public let activation: Float
    /// What of the input the unit, or the whole map, can see, clipped to the input.
    ///
    /// Outside it the projection is zero.
    public let receptiveField: PixelRectangle
    /// What pictures are scaled by: the 99.9th percentile of the magnitudes in `values` that are not zero; 0 where all are.
    ///
    /// Larger values are drawn as it is.
    public let scale: Float
    /// The projection, [channels, height, width] of the input, signed, in the network's own units.
    public let values: Tensor

    /// A projection of these parts.
    public init(
        featureMap: Int, unit: UnitPosition?, activation: Float, receptiveField: PixelRectangle, scale: Float,
        values: Tensor
    ) {
        self.featureMap = featureMap
        self.unit = unit
        self.activation = activation
        self.receptiveField = receptiveField
        self.scale = scale
        self.values = values
    }
}
