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
        case .window(let geometry):
            let touching = geometry.outputs(touching: rectangle, height: height, width: width)
            return grown(touching, geometry, height: height, width: width)
        case .everything: preconditionFailure("a rectangle of a layer that looks at everything")
        }
    }

    /// A rectangle of outputs with all of those that are computed together with some of them.
    fileprivate func grown(_ rectangle: MapRectangle, _ geometry: WindowGeometry, height: Int, width: Int)
        -> MapRectangle
    {
        let side = outputsComputedTogether
        guard side > 1, let size = geometry.outputSize(height: height, width: width) else { return rectangle }
        return rectangle.grown(toMultiplesOf: side, height: size.height, width: size.width)
    }
}

extension CropOperation {
    /// What a rectangle of outputs looks at in an input of that size, with the padding where it is read.
    func inputs(of rectangle: MapRectangle, height: Int, width: Int) -> MapRectangle {
        guard case .window(let geometry) = reach, !rectangle.isEmpty else { return rectangle }
        if readsPadding { return geometry.span(of: rectangle) }
        let outputs = grown(rectangle, geometry, height: height, width: width)
        return geometry.inputs(of: outputs, height: height, width: width)
    }
}
