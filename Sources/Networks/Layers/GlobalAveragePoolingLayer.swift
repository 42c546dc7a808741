internal import Kernels
internal import Tensors

/// The mean of each map.
struct GlobalAveragePoolingLayer: LayerOperation {
    let kind = LayerKind.globalAveragePooling
    let shape: Shape
    let mixing = ChannelMixing.none
    let reach = LayerReach.everything
    private let input: Shape

    /// The result is [C, 1, 1], or [C] where dimensions are not kept.
    init(_ site: LayerSite, keepsDimensions: Bool) throws(NetworksError) {
        input = try site.maps()
        shape = Shape(keepsDimensions ? [input[0], 1, 1] : [input[0]])
    }

    func forward(
        _ inputs: [BlockedMaps], activation: Activation, into destination: BlockedMaps?, _ context: KernelContext
    ) -> BlockedMaps {
        GlobalAveragePooling.forward(inputs[0], context)
    }

    func adjoint(_ signal: BlockedMaps, _ crossing: LayerCrossing, _ context: KernelContext) -> [BlockedMaps] {
        [GlobalAveragePooling.adjoint(signal, height: input[1], width: input[2], context)]
    }
}
