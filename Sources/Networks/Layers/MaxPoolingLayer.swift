package import Kernels
package import Tensors

/// Maximum pooling: the first maximum in row-major order; padding never wins.
package struct MaxPoolingLayer: LayerOperation {
    package let kind = LayerKind.maxPooling
    package let shape: Shape
    package let mixing = ChannelMixing.none
    package let writesIntoViews = true
    package let rectifiesItsSignal = true
    private let geometry: WindowGeometry
    private let input: Shape

    /// Every window must meet the input: one in the padding alone has no maximum.
    init(_ site: LayerSite, window: Window) throws(NetworksError) {
        input = try site.maps()
        let resolved = try window.resolved(on: input, node: site.node, operation: site.operation)
        guard resolved.geometry.everyWindowMeetsInput(height: input[1], width: input[2]) else {
            throw .windowDoesNotFit(node: site.node, operation: site.operation, input: input, window: window.words)
        }
        geometry = resolved.geometry
        shape = try site.shape([input[0], resolved.height, resolved.width])
    }

    package var reach: LayerReach { .window(geometry) }

    package func forward(
        _ inputs: [BlockedMaps], activation: Activation, into destination: BlockedMaps?, _ context: KernelContext
    ) -> BlockedMaps {
        MaxPooling.forward(inputs[0], geometry, into: destination, context)
    }

    /// The same, with the position of each window's maximum.
    ///
    /// Throws when a NaN is met.
    package func forwardWithSwitches(
        _ input: BlockedMaps, into destination: BlockedMaps?, _ context: KernelContext
    ) throws(KernelsError) -> (maps: BlockedMaps, switches: Switches) {
        try MaxPooling.forwardWithSwitches(input, geometry, into: destination, context)
    }

    package func adjoint(_ signal: BlockedMaps, _ crossing: LayerCrossing, _ context: KernelContext) -> [BlockedMaps] {
        guard let switches = crossing.switches else {
            preconditionFailure("a max pooling crossed without its switches")
        }
        return [
            Unpooling.forward(signal, switches, overlap: crossing.overlap, rectified: crossing.rectified, context)
        ]
    }
}

extension MaxPoolingLayer: CropOperation {
    func forward(
        _ inputs: [MapCrops], activation: Activation, at rectangles: [MapRectangle], into result: MapCrops,
        _ context: KernelContext
    ) {
        MaxPooling.forward(
            inputs[0], geometry, height: input[1], width: input[2], at: rectangles, into: result, context)
    }
}

extension MaxPoolingLayer: PartialAdjoint {
    func adjoint(_ signal: PartialSignal, _ crossing: LayerCrossing, _ context: KernelContext) -> [PartialSignal]? {
        guard let switches = crossing.switches else {
            preconditionFailure("a max pooling crossed without its switches")
        }
        if crossing.overlap == .sum {
            return [
                PartialSignal(
                    pooled: PooledCrops(
                        signal.crops(context), at: signal.rectangles, switches, geometry, rectified: crossing.rectified)
                )
            ]
        }
        let made = Unpooling.forward(
            signal.crops(context), at: signal.rectangles, switches, geometry, overlap: crossing.overlap,
            rectified: crossing.rectified, context)
        return [PartialSignal(made.maps, made.rectangles)]
    }
}
