import CKernels
import Concurrency

/// Operations on each value by itself.
public enum Elementwise {
    /// The activation of each value of `x`, into `destination` (which may be `x` itself) or else into new maps.
    @discardableResult
    public static func activate(
        _ x: BlockedMaps, _ activation: Activation, into destination: BlockedMaps? = nil, _ context: KernelContext
    ) -> BlockedMaps {
        let result = like(x, destination, context)
        let code = activation.code
        x.forEachChunk(context) { image, range in
            // SAFETY: the chunk lies within the floats of one image of both maps; chunks do not overlap.
            let (source, target) = unsafe (
                x.planes.plane(image: image) + range.lowerBound, result.planes.plane(image: image) + range.lowerBound
            )
            if let bounds = activation.bounds {
                unsafe sb_clip(source, target, range.count, bounds.low, bounds.high)
            } else {
                unsafe sb_activate(code.kind, code.a, code.b, source, target, range.count)
            }
        }
        if activation.value(0).bitPattern != 0 { result.clearUnusedLanes() }
        return result
    }

    /// max(0, r) for each value, into `destination` (which may be `r` itself) or else into new maps.
    @discardableResult
    public static func rectify(
        _ r: BlockedMaps, into destination: BlockedMaps? = nil, _ context: KernelContext
    ) -> BlockedMaps {
        activate(r, .relu, into: destination, context)
    }

    /// a + b and then the activation, into `destination` (which may be one of the two) or else into new maps.
    @discardableResult
    public static func add(
        _ a: BlockedMaps, _ b: BlockedMaps, activation: Activation = .identity, into destination: BlockedMaps? = nil,
        _ context: KernelContext
    ) -> BlockedMaps {
        precondition(a.hasShape(of: b), "the sum of \(a.shapeText) and \(b.shapeText)")
        let result = like(a, destination, context)
        let tail = ActivationTail(activation)
        a.forEachChunk(context) { image, range in
            // SAFETY: the chunk lies within the floats of one image of all three maps; chunks do not overlap.
            unsafe sb_add(
                a.planes.plane(image: image) + range.lowerBound, b.planes.plane(image: image) + range.lowerBound,
                result.planes.plane(image: image) + range.lowerBound, range.count, tail.bounds.low, tail.bounds.high)
        }
        withExtendedLifetime(b) {}
        tail.finish(result, context)
        return result
    }

    /// r times the activation's slope at `x`, the values before it.
    ///
    /// For ReLU the values behind it do as well.
    public static func derivative(
        _ r: BlockedMaps, of activation: Activation, at x: BlockedMaps, _ context: KernelContext
    ) -> BlockedMaps {
        precondition(r.hasShape(of: x), "\(r.shapeText) to the derivative at \(x.shapeText)")
        let result = r.another(context)
        let code = activation.code
        r.forEachChunk(context) { image, range in
            // SAFETY: the chunk lies within the floats of one image of all three maps; chunks do not overlap.
            unsafe sb_activation_adjoint(
                code.kind, code.a, code.b, r.planes.plane(image: image) + range.lowerBound,
                x.planes.plane(image: image) + range.lowerBound,
                result.planes.plane(image: image) + range.lowerBound, range.count)
        }
        withExtendedLifetime(x) {}
        return result
    }

    /// Copies all values to maps of the same shape.
    public static func copy(_ x: BlockedMaps, into destination: BlockedMaps, _ context: KernelContext) {
        let result = like(x, destination, context)
        x.forEachChunk(context) { image, range in
            // SAFETY: the chunk lies within the floats of one image of both maps; chunks do not overlap.
            unsafe (result.planes.plane(image: image) + range.lowerBound)
                .update(from: x.planes.plane(image: image) + range.lowerBound, count: range.count)
        }
        withExtendedLifetime(result) {}
    }

    private static func like(_ x: BlockedMaps, _ destination: BlockedMaps?, _ context: KernelContext) -> BlockedMaps {
        BlockedMaps.result(
            destination, images: x.images, channels: x.channels, height: x.height, width: x.width, context)
    }
}

extension BlockedMaps {
    /// Runs `body` for pieces of whole pixels of every image, given as ranges of floats from the image's beginning.
    func forEachChunk(_ context: KernelContext, _ body: @Sendable (Int, Range<Int>) -> Void) {
        let floats = planes.imageFloats
        let least = 1 << 14
        let wanted = context.team.threads == 1 ? 1 : (context.team.threads * 4 + images - 1) / max(1, images)
        let pieces = max(1, min(wanted, floats / least))
        let pixels = floats / BlockedMaps.lanes
        context.team.forEach(images * pieces) { part in
            let piece = part % pieces
            let lower = pixels * piece / pieces
            let upper = pixels * (piece + 1) / pieces
            body(part / pieces, lower * BlockedMaps.lanes..<upper * BlockedMaps.lanes)
        }
        withExtendedLifetime(self) {}
    }
}
