internal import Kernels
internal import Tensors

/// An activation function that stands by itself.
///
/// The backward pass has crossed it before it asks for the adjoint.
struct ActivationLayer: CropOperation {
    let kind = LayerKind.activation
    let shape: Shape
    let mixing = ChannelMixing.none

    /// The result has the shape of the input.
    init(_ site: LayerSite) {
        shape = site.input
    }

    func forward(
        _ inputs: [BlockedMaps], activation: Activation, into destination: BlockedMaps?, _ context: KernelContext
    ) -> BlockedMaps {
        Elementwise.activate(inputs[0], activation, context)
    }

    func forward(
        _ inputs: [MapCrops], activation: Activation, at rectangles: [MapRectangle], into result: MapCrops,
        _ context: KernelContext
    ) {
        Elementwise.activate(inputs[0], activation, at: rectangles, into: result, context)
    }

    func adjoint(_ signal: BlockedMaps, _ crossing: LayerCrossing, _ context: KernelContext) -> [BlockedMaps] {
        [signal]
    }
}
