internal import Kernels

/// A layer of which any rectangle of outputs can be computed by itself, from crops of what it reads.
///
/// All layers with positions are; those that look at everything at once are not.
protocol CropOperation: LayerOperation {
    /// Whether its windows read zeros in the padding, which must then be there; else they leave it out.
    var readsPadding: Bool { get }
    /// Computes a rectangle of each image's outputs, its activation function applied.
    ///
    /// The bits are those of the whole layer. The crops of what it reads hold all that the rectangles' units look at.
    func forward(
        _ inputs: [MapCrops], activation: Activation, at rectangles: [MapRectangle], into result: MapCrops,
        _ context: KernelContext
    )
}

extension CropOperation {
    /// No.
    var readsPadding: Bool { false }
}

extension LayerOperation {
    /// The outputs that may change where a rectangle of an input of that size does.
    ///
    /// Precondition: the layer has positions.
    func outputs(touching rectangle: MapRectangle, height: Int, width: Int) -> MapRectangle {
        switch reach {
        case .position: return rectangle
        case .window(let geometry): return geometry.outputs(touching: rectangle, height: height, width: width)
        case .everything: preconditionFailure("a rectangle of a layer that looks at everything")
        }
    }
}

extension CropOperation {
    /// What a rectangle of outputs looks at in an input of that size, with the padding where it is read.
    func inputs(of rectangle: MapRectangle, height: Int, width: Int) -> MapRectangle {
        guard case .window(let geometry) = reach, !rectangle.isEmpty else { return rectangle }
        return readsPadding
            ? geometry.span(of: rectangle) : geometry.inputs(of: rectangle, height: height, width: width)
    }
}
