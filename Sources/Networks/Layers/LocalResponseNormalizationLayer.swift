internal import Kernels
internal import Tensors

/// Local response normalization across channels.
struct LocalResponseNormalizationLayer: CropOperation {
    let kind = LayerKind.localResponseNormalization
    let shape: Shape
    private let kernel: LocalResponseNormalization

    /// `size` is a positive number of channels; the base of the power must stay positive.
    init(_ site: LayerSite, size: Int, alpha: Float, beta: Float, bias: Float) throws(NetworksError) {
        shape = try site.maps()
        guard size >= 1, size <= Window.limit else { throw site.invalid("size", size) }
        guard alpha.isFinite, alpha >= 0 else { throw site.invalid("alpha", alpha) }
        guard beta.isFinite else { throw site.invalid("beta", beta) }
        guard bias.isFinite, bias > 0 else { throw site.invalid("bias", bias) }
        kernel = LocalResponseNormalization(size: size, alpha: alpha, beta: beta, bias: bias)
    }

    func forward(
        _ inputs: [BlockedMaps], activation: Activation, into destination: BlockedMaps?, _ context: KernelContext
    ) -> BlockedMaps {
        kernel.forward(inputs[0], context)
    }

    func forward(
        _ inputs: [MapCrops], activation: Activation, at rectangles: [MapRectangle], into result: MapCrops,
        _ context: KernelContext
    ) {
        kernel.forward(inputs[0], at: rectangles, into: result, context)
    }

    func adjoint(_ signal: BlockedMaps, _ crossing: LayerCrossing, _ context: KernelContext) -> [BlockedMaps] {
        switch crossing.normalization {
        case .identity: [signal]
        case .gradient: [kernel.adjoint(signal, at: crossing.inputs[0].spread(over: signal.images), context)]
        }
    }
}

extension BlockedMaps {
    /// These maps if they are those of so many images; those of one image so many times.
    func spread(over images: Int) -> BlockedMaps {
        self.images == images ? self : repeated(images: images)
    }
}
