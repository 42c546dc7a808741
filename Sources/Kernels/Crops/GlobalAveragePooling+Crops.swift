import CKernels
import Concurrency

extension GlobalAveragePooling {
    /// The sums of the rows of one image's maps, for each image with its rectangle of the crop in its place: of shape
    /// [N, C, H, 1].
    ///
    /// `sums` are those of the maps themselves, of shape [1, C, H, 1]: only rows with something of a rectangle in them
    /// are summed again, from left to right as ``rowSums(_:_:)`` does.
    public static func rowSums(
        _ x: MapCrops, _ rectangles: [MapRectangle], in maps: BlockedMaps, whose sums: BlockedMaps,
        _ context: KernelContext
    ) -> BlockedMaps {
        precondition(
            maps.images == 1 && maps.channels == x.channels && sums.hasShape(1, maps.channels, maps.height, 1)
                && rectangles.count == x.images,
            "crops of \(x.channels) channels in \(maps.shapeText) with sums \(sums.shapeText)")
        let result = BlockedMaps(
            images: x.images, channels: x.channels, height: maps.height, width: 1, from: context.buffers)
        let (blocks, lanes) = (x.blocks, BlockedMaps.lanes)
        // SAFETY: a part writes one plane of the result, 16 sums a row; a rectangle within the map has its rows within
        // the plane; pointer() has checked that the crop holds it.
        context.team.forEach(x.images * blocks) { part in
            let (image, block) = (part / blocks, part % blocks)
            let target = unsafe result.planes.plane(image: image, block: block)
            unsafe target.update(from: sums.planes.plane(block: block), count: sums.planes.planeFloats)
            let rectangle = rectangles[image]
            if rectangle.isEmpty { return }
            precondition(maps.whole.contains(rectangle), "\(rectangle) of maps of \(maps.shapeText)")
            let crop = unsafe x.pointer(rectangle, image: image, block: block)
            let (left, right) = (rectangle.columns.lowerBound, rectangle.columns.upperBound)
            for row in rectangle.rows {
                let first = unsafe maps.planes.plane(block: block) + row * maps.width * lanes
                unsafe sb_sum_row(
                    first, left, crop + (row - rectangle.rows.lowerBound) * x.rowFloats, right - left,
                    first + right * lanes, maps.width - right, target + row * lanes)
            }
        }
        withExtendedLifetime((x, maps, sums, result)) {}
        return result
    }
}
