internal import Kernels
internal import Tensors

/// Maps [C, H, W] as a vector [C · H · W], in row-major order.
struct FlattenLayer: LayerOperation {
    let kind = LayerKind.flatten
    let shape: Shape
    private let input: Shape

    /// The result is [C · H · W].
    init(_ site: LayerSite) throws(NetworksError) {
        input = site.input
        shape = try site.shape([site.input.count])
    }

    /// A vector's unit (0, 0) stands for all of them: the whole input, but where each map has one position only.
    var reach: LayerReach { input.rank == 1 || input.count == input[0] ? .position : .everything }

    func forward(
        _ inputs: [BlockedMaps], activation: Activation, into destination: BlockedMaps?, _ context: KernelContext
    ) -> BlockedMaps {
        Flattening.forward(inputs[0], context)
    }

    func adjoint(_ signal: BlockedMaps, _ crossing: LayerCrossing, _ context: KernelContext) -> [BlockedMaps] {
        let isVector = input.rank == 1
        return [
            Flattening.adjoint(
                signal, channels: input[0], height: isVector ? 1 : input[1], width: isVector ? 1 : input[2], context)
        ]
    }
}
