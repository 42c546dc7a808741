import CKernels
import Concurrency

/// What happens to values whose windows chose the same position.
public enum OverlapRule: String, CaseIterable, Sendable {
    /// They are added up, in row-major order of the windows: the exact adjoint of max pooling.
    case sum
    /// The largest is kept, even where it is negative.
    case max
    /// That of the last window in row-major order is kept, even where it is 0.
    case last
}

/// Unpooling: each value back at the position that its maximum came from, 0 at those that no window chose.
public enum Unpooling {
    /// Maps of the size before pooling from `r`, of the pooled size, with negative results 0 if `rectified`.
    ///
    /// There must be switches for as many images as `r` has. The result goes into `destination` or else into new maps.
    @discardableResult
    public static func forward(
        _ r: BlockedMaps, _ switches: Switches, overlap: OverlapRule, rectified: Bool = false,
        into destination: BlockedMaps? = nil, _ context: KernelContext
    ) -> BlockedMaps {
        precondition(
            r.hasShape(switches.images, switches.channels, switches.height, switches.width),
            "\(r.shapeText) to unpool with switches of shape "
                + "[\(switches.images), \(switches.channels), \(switches.height), \(switches.width)]")
        let result = BlockedMaps.result(
            destination, images: r.images, channels: r.channels, height: switches.inputHeight,
            width: switches.inputWidth, context)
        let blocks = r.blocks
        let rule = overlap.code
        // SAFETY: every part writes a plane of its own; the switches are below the plane's pixels, as was checked when
        // they were made, and as many as the values.
        context.team.forEach(r.images * blocks) { part in
            let (image, block) = (part / blocks, part % blocks)
            let plane = unsafe result.planes.plane(image: image, block: block)
            unsafe switches.withPlane(image: image, block: block) { switches in
                unsafe sb_unpool(
                    rule, r.planes.plane(image: image, block: block), switches, r.planes.pixels, plane,
                    result.planes.pixels)
            }
            if rectified { unsafe sb_clip(plane, plane, result.planes.planeFloats, 0, .infinity) }
        }
        withExtendedLifetime((r, result)) {}
        return result
    }
}

extension OverlapRule {
    var code: sb_overlap {
        switch self {
        case .sum: SB_OVERLAP_SUM
        case .max: SB_OVERLAP_MAX
        case .last: SB_OVERLAP_LAST
        }
    }
}
