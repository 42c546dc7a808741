import CKernels
import Concurrency

/// Local response normalisation across channels: x / (bias + alpha / size · Σ x²)^beta, as ONNX defines it.
///
/// The sum runs over `size` channels, ⌊(size − 1) / 2⌋ of them before and the rest behind, as far as they exist. Values
/// are worked out in double and rounded once; the powers ½, ¾ and 1 need square roots alone.
public struct LocalResponseNormalization: Hashable, Sendable {
    /// The number of channels summed over.
    public let size: Int
    /// The weight of the sum, before it is divided by `size`.
    public let alpha: Float
    /// The power.
    public let beta: Float
    /// What the sum is added to.
    public let bias: Float

    /// A normalisation; `size` must be at least 1.
    public init(size: Int, alpha: Float = 1e-4, beta: Float = 0.75, bias: Float = 1) {
        precondition(size >= 1, "a normalisation over \(size) channels")
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.bias = bias
    }

    /// The normalised maps, of the shape of `x`.
    public func forward(_ x: BlockedMaps, _ context: KernelContext) -> BlockedMaps {
        let result = x.another(context)
        run(x, nil, result, context)
        return result
    }

    /// The gradient: what comes back to `x`, the layer's input, from `r` at its output.
    public func adjoint(_ r: BlockedMaps, at x: BlockedMaps, _ context: KernelContext) -> BlockedMaps {
        precondition(r.hasShape(of: x), "\(r.shapeText) to the gradient of a normalisation of \(x.shapeText)")
        let result = x.another(context)
        run(x, r, result, context)
        return result
    }

    private func run(_ x: BlockedMaps, _ signal: BlockedMaps?, _ result: BlockedMaps, _ context: KernelContext) {
        let room = sb_normalization_room(x.channels, size)
        // SAFETY: a part writes all blocks at the pixels of one row; the three maps have one shape, so that their planes
        // are equally far apart; the room is as large as the C side asks for.
        context.team.forEach(x.images * x.height) { part in
            let (image, row) = (part / x.height, part % x.height)
            let offset = row * x.width * BlockedMaps.lanes
            var parameters = unsafe sb_normalization(
                source: x.planes.plane(image: image) + offset, signal: nil,
                destination: result.planes.plane(image: image) + offset, source_block: x.planes.planeFloats,
                signal_block: x.planes.planeFloats, destination_block: result.planes.planeFloats, channels: x.channels,
                size: size, alpha: Double(alpha), beta: Double(beta), bias: Double(bias))
            unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: room) { buffer in
                guard let base = buffer.baseAddress else { return }
                if let signal {
                    unsafe parameters.signal = UnsafePointer(signal.planes.plane(image: image) + offset)
                    unsafe sb_normalize_adjoint(&parameters, x.width, base)
                } else {
                    unsafe context.table.loops.pointee.normalize(&parameters, x.width, base)
                }
            }
        }
        withExtendedLifetime((x, signal, result)) {}
    }
}
