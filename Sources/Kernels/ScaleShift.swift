import CKernels
import Concurrency

/// y = scale · x + shift for each channel, rounded after the product and after the sum: batch normalisation, where it
/// could not be folded into a convolution.
public struct ScaleShift: Sendable {
    /// One factor a channel.
    public let scale: [Float]
    /// One summand a channel.
    public let shift: [Float]

    /// A scale and a shift for each channel.
    public init(scale: [Float], shift: [Float]) {
        precondition(scale.count == shift.count, "\(scale.count) scales and \(shift.count) shifts")
        self.scale = scale
        self.shift = shift
    }

    /// Batch normalisation at inference: γ / √(σ² + ε) · (x − μ) + β, worked out in double and rounded to floats.
    public static func batchNormalization(
        scale: [Float], bias: [Float], mean: [Float], variance: [Float], epsilon: Float
    ) -> ScaleShift {
        precondition(
            bias.count == scale.count && mean.count == scale.count && variance.count == scale.count,
            "a batch normalisation of \(scale.count) scales, \(bias.count) biases, \(mean.count) means and "
                + "\(variance.count) variances")
        let factors = zip(scale, variance).map { Double($0) / (Double($1) + Double(epsilon)).squareRoot() }
        let shifts = bias.indices.map { Float(Double(bias[$0]) - Double(mean[$0]) * factors[$0]) }
        return ScaleShift(scale: factors.map { Float($0) }, shift: shifts)
    }

    /// scale · x + shift and then the activation; maps of the shape of `x`.
    public func forward(
        _ x: BlockedMaps, activation: Activation = .identity, _ context: KernelContext
    ) -> BlockedMaps {
        let tail = ActivationTail(activation)
        let result = x.another(context)
        run(x, shift, tail, result, context)
        tail.finish(result, context)
        return result
    }

    /// The adjoint: scale · r.
    public func adjoint(_ r: BlockedMaps, _ context: KernelContext) -> BlockedMaps {
        let result = r.another(context)
        run(r, [Float](repeating: 0, count: scale.count), ActivationTail(.identity), result, context)
        return result
    }

    private func run(
        _ x: BlockedMaps, _ shift: [Float], _ tail: ActivationTail, _ result: BlockedMaps, _ context: KernelContext
    ) {
        precondition(x.channels == scale.count, "\(x.shapeText) for \(scale.count) scales")
        let blocks = x.blocks
        let padding = [Float](repeating: 0, count: blocks * BlockedMaps.lanes - scale.count)
        let (scales, shifts) = (scale + padding, shift + padding)
        // SAFETY: every part reads and writes one plane; there are 16 scales and shifts for each block.
        context.team.forEach(x.images * blocks) { part in
            let (image, block) = (part / blocks, part % blocks)
            unsafe scales.withUnsafeBufferPointer { scales in
                unsafe shifts.withUnsafeBufferPointer { shifts in
                    guard let scale = scales.baseAddress, let shift = shifts.baseAddress else { return }
                    unsafe sb_scale_shift(
                        x.planes.plane(image: image, block: block), scale + block * BlockedMaps.lanes,
                        shift + block * BlockedMaps.lanes, result.planes.plane(image: image, block: block),
                        x.planes.pixels, tail.bounds.low, tail.bounds.high)
                }
            }
        }
        withExtendedLifetime((x, result)) {}
    }
}
