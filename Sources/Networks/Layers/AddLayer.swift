internal import Kernels
internal import Tensors

/// The sum of several values, a scale and shift if one stands behind it, and the activation.
struct AddLayer: CropOperation {
    let kind = LayerKind.add
    let shape: Shape
    private let inputCount: Int
    private let scale: ScaleShift?

    /// All inputs have one shape.
    init(_ site: LayerSite, scale: ChannelScale?) throws(NetworksError) {
        shape = site.input
        for other in site.inputs where other != shape {
            throw site.mismatch(expected: "inputs of one shape", actual: "\(shape) and \(other)")
        }
        inputCount = site.inputs.count
        if let scale {
            self.scale = try scale.spread(over: shape[0], node: site.node, operation: site.operation).kernel
        } else {
            self.scale = nil
        }
    }

    var writesIntoViews: Bool { scale == nil }

    func forward(
        _ inputs: [BlockedMaps], activation: Activation, into destination: BlockedMaps?, _ context: KernelContext
    ) -> BlockedMaps {
        var sum = inputs[0]
        for (position, next) in inputs.enumerated().dropFirst() {
            let isLast = position == inputs.count - 1 && scale == nil
            sum = Elementwise.add(
                sum, next, activation: isLast ? activation : .identity, into: isLast ? destination : nil, context)
        }
        return scale?.forward(sum, activation: activation, context) ?? sum
    }

    func forward(
        _ inputs: [MapCrops], activation: Activation, at rectangles: [MapRectangle], into result: MapCrops,
        _ context: KernelContext
    ) {
        var sum = inputs[0]
        for (position, next) in inputs.enumerated().dropFirst() {
            let isLast = position == inputs.count - 1 && scale == nil
            Elementwise.add(
                sum, next, activation: isLast ? activation : .identity, at: rectangles, into: result, context)
            sum = result
        }
        scale?.forward(sum, activation: activation, at: rectangles, into: result, context)
    }

    func adjoint(_ signal: BlockedMaps, _ crossing: LayerCrossing, _ context: KernelContext) -> [BlockedMaps] {
        Array(repeating: scale?.adjoint(signal, context) ?? signal, count: inputCount)
    }
}

extension AddLayer: PartialAdjoint {
    func adjoint(_ signal: PartialSignal, _ crossing: LayerCrossing, _ context: KernelContext) -> [PartialSignal]? {
        scale == nil ? Array(repeating: signal, count: inputCount) : nil
    }
}
