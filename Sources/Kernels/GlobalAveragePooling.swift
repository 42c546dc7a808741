import CKernels
import Concurrency

/// The average of each whole map: rows summed from left to right, their sums from top to bottom, divided by height ·
/// width.
public enum GlobalAveragePooling {
    /// The averages of the maps of `x`, of shape [N, C, 1, 1].
    public static func forward(_ x: BlockedMaps, _ context: KernelContext) -> BlockedMaps {
        average(rowSums(x, context), columns: x.width, context)
    }

    /// The sum of each row of `x` from left to right, from zero: maps of shape [N, C, H, 1].
    public static func rowSums(_ x: BlockedMaps, _ context: KernelContext) -> BlockedMaps {
        let result = BlockedMaps(
            images: x.images, channels: x.channels, height: x.height, width: 1, from: context.buffers)
        let (blocks, lanes) = (x.blocks, BlockedMaps.lanes)
        // SAFETY: every part reads one plane and writes the 16 sums of each of its rows.
        context.team.forEach(x.images * blocks) { part in
            let source = unsafe x.planes.plane(image: part / blocks, block: part % blocks)
            let sums = unsafe result.planes.plane(image: part / blocks, block: part % blocks)
            for row in 0..<x.height {
                let first = unsafe source + row * x.width * lanes
                unsafe sb_sum_row(first, x.width, first, 0, first, 0, sums + row * lanes)
            }
        }
        withExtendedLifetime((x, result)) {}
        return result
    }

    /// The averages, of shape [N, C, 1, 1], of maps of so many columns whose rows' sums are [N, C, H, 1].
    ///
    /// They go into `destination` or else into new maps.
    @discardableResult
    public static func average(
        _ rowSums: BlockedMaps, columns: Int, into destination: BlockedMaps? = nil, _ context: KernelContext
    ) -> BlockedMaps {
        let result = BlockedMaps.result(
            destination, images: rowSums.images, channels: rowSums.channels, height: 1, width: 1, context)
        let blocks = rowSums.blocks
        // SAFETY: every part reads one plane of 16 sums a row and writes the 16 floats of one block.
        context.team.forEach(rowSums.images * blocks) { part in
            unsafe sb_average_of_rows(
                rowSums.planes.plane(image: part / blocks, block: part % blocks), rowSums.height,
                Float(rowSums.height * columns), result.planes.plane(image: part / blocks, block: part % blocks))
        }
        withExtendedLifetime((rowSums, result)) {}
        return result
    }

    /// The adjoint: each value of `r`, of shape [N, C, 1, 1], divided by height · width, at every position.
    public static func adjoint(_ r: BlockedMaps, height: Int, width: Int, _ context: KernelContext) -> BlockedMaps {
        precondition(r.height == 1 && r.width == 1, "\(r.shapeText) to the adjoint of a global average pooling")
        let result = BlockedMaps(
            images: r.images, channels: r.channels, height: height, width: width, from: context.buffers)
        let blocks = r.blocks
        // SAFETY: every part reads the 16 floats of one block and writes one plane.
        context.team.forEach(r.images * blocks) { part in
            unsafe sb_spread(
                r.planes.plane(image: part / blocks, block: part % blocks), Float(height * width),
                result.planes.plane(image: part / blocks, block: part % blocks), height * width)
        }
        withExtendedLifetime((r, result)) {}
        return result
    }
}
