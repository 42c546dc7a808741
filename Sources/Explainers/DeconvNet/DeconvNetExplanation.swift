/// Projections of units of one layer.
public struct DeconvNetExplanation: Sendable {
    /// The canonical name of the layer.
    public let layer: String
    /// The options they were made with.
    public let options: DeconvNetOptions
    /// The projections, in the order of the feature maps asked for; strongest first where none were named.
    public let projections: [Projection]

    /// An explanation of these parts.
    public init(layer: String, options: DeconvNetOptions, projections: [Projection]) {
        self.layer = layer
        self.options = options
        self.projections = projections
    }
}
