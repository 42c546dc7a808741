import CKernels
import Concurrency

/// Average pooling: the sum of a window, from zero in row-major order, divided by the number of its positions.
///
/// The positions counted are those within the image or, if padding counts, also those in the padding; never those that a
/// window reaches behind the padding where the number of windows was rounded up. There is no dilation.
public enum AveragePooling {
    /// The averages of the windows of `x`: maps of shape [N, C, h, w] as the geometry says, into `destination` or else
    /// into new maps.
    @discardableResult
    public static func forward(
        _ x: BlockedMaps, _ geometry: WindowGeometry, countIncludesPadding: Bool, into destination: BlockedMaps? = nil,
        _ context: KernelContext
    ) -> BlockedMaps {
        let size = outputSize(geometry, x.height, x.width)
        let result = BlockedMaps.result(
            destination, images: x.images, channels: x.channels, height: size.height, width: size.width, context)
        let blocks = x.blocks
        let pieces = DepthwiseConvolution.rowPieces(x.images * blocks, result.height, context)
        // SAFETY: every part writes rows of its own of one plane; outputSize has checked the windows.
        context.team.forEach(x.images * blocks * pieces) { part in
            let (image, block) = (part / pieces / blocks, part / pieces % blocks)
            var parameters = unsafe sb_pooling(
                geometry, of: x, source: x.planes.plane(image: image, block: block),
                destination: result.planes.plane(image: image, block: block), columns: result.width,
                countsPadding: countIncludesPadding)
            let rows = DepthwiseConvolution.piece(part % pieces, of: pieces, result.height)
            unsafe sb_average_pool(&parameters, rows.lowerBound, rows.upperBound)
        }
        withExtendedLifetime((x, result)) {}
        return result
    }

    /// The adjoint, from [N, C, h, w] to [N, C, `height`, `width`].
    ///
    /// Each value of `r` is divided by its window's count and added to the window's positions, window after window in
    /// row-major order.
    public static func adjoint(
        _ r: BlockedMaps, _ geometry: WindowGeometry, countIncludesPadding: Bool, height: Int, width: Int,
        _ context: KernelContext
    ) -> BlockedMaps {
        let size = outputSize(geometry, height, width)
        precondition(size == (r.height, r.width), "\(r.shapeText) from an average pooling to \(size)")
        let result = BlockedMaps(
            images: r.images, channels: r.channels, height: height, width: width, from: context.buffers)
        let blocks = r.blocks
        // SAFETY: every part writes a plane of its own; outputSize has checked the windows.
        context.team.forEach(r.images * blocks) { part in
            let (image, block) = (part / blocks, part % blocks)
            let (larger, pooled) = unsafe (
                result.planes.plane(image: image, block: block), r.planes.plane(image: image, block: block)
            )
            var parameters = unsafe sb_pooling(
                geometry, of: result, source: larger, destination: pooled, columns: r.width,
                countsPadding: countIncludesPadding)
            unsafe sb_average_unpool(&parameters, r.height, larger, pooled)
        }
        withExtendedLifetime((r, result)) {}
        return result
    }

    private static func outputSize(_ geometry: WindowGeometry, _ height: Int, _ width: Int) -> (height: Int, width: Int)
    {
        guard geometry.dilationY == 1, geometry.dilationX == 1,
            let size = geometry.outputSize(height: height, width: width),
            geometry.everyWindowMeetsInput(height: height, width: width)
        else {
            preconditionFailure("an average pooling of geometry \(geometry) of maps of \(height)×\(width)")
        }
        return size
    }
}
