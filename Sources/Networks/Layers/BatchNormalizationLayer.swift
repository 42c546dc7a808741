internal import Kernels
internal import Tensors

/// A scale and shift of each channel that could not be folded into the layer before.
struct BatchNormalizationLayer: CropOperation {
    let kind = LayerKind.batchNormalization
    let shape: Shape
    private let kernel: ScaleShift

    /// The parameters are for the channels of the input, or one for all.
    init(_ site: LayerSite, scale: ChannelScale) throws(NetworksError) {
        shape = site.input
        kernel = try scale.spread(over: shape[0], node: site.node, operation: site.operation).kernel
    }

    func forward(
        _ inputs: [BlockedMaps], activation: Activation, into destination: BlockedMaps?, _ context: KernelContext
    ) -> BlockedMaps {
        kernel.forward(inputs[0], activation: activation, context)
    }

    func forward(
        _ inputs: [MapCrops], activation: Activation, at rectangles: [MapRectangle], into result: MapCrops,
        _ context: KernelContext
    ) {
        kernel.forward(inputs[0], activation: activation, at: rectangles, into: result, context)
    }

    func adjoint(_ signal: BlockedMaps, _ crossing: LayerCrossing, _ context: KernelContext) -> [BlockedMaps] {
        [kernel.adjoint(signal, context)]
    }
}
