internal import Kernels
internal import Tensors

/// Average pooling.
struct AveragePoolingLayer: CropOperation {
    let kind = LayerKind.averagePooling
    let shape: Shape
    let mixing = ChannelMixing.none
    let writesIntoViews = true
    private let geometry: WindowGeometry
    private let countsPadding: Bool
    private let input: Shape

    /// Every window must meet the input: the mean of none is not a number.
    init(_ site: LayerSite, window: Window, countsPadding: Bool) throws(NetworksError) {
        input = try site.maps()
        let resolved = try window.resolved(on: input, node: site.node, operation: site.operation)
        guard resolved.geometry.everyWindowMeetsInput(height: input[1], width: input[2]) else {
            throw .windowDoesNotFit(node: site.node, operation: site.operation, input: input, window: window.words)
        }
        geometry = resolved.geometry
        self.countsPadding = countsPadding
        shape = try site.shape([input[0], resolved.height, resolved.width])
    }

    var reach: LayerReach { .window(geometry) }

    func forward(
        _ inputs: [BlockedMaps], activation: Activation, into destination: BlockedMaps?, _ context: KernelContext
    ) -> BlockedMaps {
        AveragePooling.forward(inputs[0], geometry, countIncludesPadding: countsPadding, into: destination, context)
    }

    func forward(
        _ inputs: [MapCrops], activation: Activation, at rectangles: [MapRectangle], into result: MapCrops,
        _ context: KernelContext
    ) {
        AveragePooling.forward(
            inputs[0], geometry, countIncludesPadding: countsPadding, height: input[1], width: input[2],
            at: rectangles, into: result, context)
    }

    func adjoint(_ signal: BlockedMaps, _ crossing: LayerCrossing, _ context: KernelContext) -> [BlockedMaps] {
        [
            AveragePooling.adjoint(
                signal, geometry, countIncludesPadding: countsPadding, height: input[1], width: input[2], context)
        ]
    }
}
