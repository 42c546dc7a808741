import CKernels
import Concurrency

extension MapCrops {
    /// Fills in, for each image, what of `wanted` is not in `there`, from the one image of `maps`; zeros in the padding.
    public func fill(
        _ wanted: [MapRectangle], but there: [MapRectangle], from maps: BlockedMaps, _ context: KernelContext
    ) {
        fill(wanted, but: there, from: maps.planes, context)
    }

    /// The same from an input whose channels lie side by side.
    public func fill(
        _ wanted: [MapRectangle], but there: [MapRectangle], from input: InputMaps, _ context: KernelContext
    ) {
        fill(wanted, but: there, from: input.planes, context)
    }

    private func fill(
        _ wanted: [MapRectangle], but there: [MapRectangle], from maps: MapPlanes, _ context: KernelContext
    ) {
        precondition(
            maps.lanes == planes.lanes && maps.channels == channels && maps.images == 1 && there.count == images
                && wanted.count == images,
            "crops of \(channels) channels from \(maps.images) images of \(maps.channels)")
        context.team.forEach(images) { image in
            let (outer, inner) = (wanted[image], there[image])
            if inner == outer || outer.isEmpty { return }
            precondition(
                area(of: image).contains(outer) && (inner.isEmpty || outer.contains(inner)),
                "\(outer) but \(inner) of image \(image) in a crop of \(area(of: image))")
            // SAFETY: what is read is cut to the maps, and what is written lies in the crop, as was checked; both have
            // the same blocks.
            var crop = unsafe sb_crop(
                maps: maps.plane(), crop: planes.plane(image: image), blocks: blocks, height: maps.height,
                width: maps.width, lanes: planes.lanes, maps_block: maps.planeFloats, crop_block: planes.planeFloats,
                crop_row: rowFloats, corner_row: corners[image].row, corner_column: corners[image].column)
            unsafe sb_copy_frame(&crop, outer.bounds, inner.bounds)
        }
        withExtendedLifetime((self, maps)) {}
    }

    /// Sets a rectangle of each image to one value a channel.
    public func set(_ rectangles: [MapRectangle], to values: [[Float]]) {
        precondition(rectangles.count == images && values.count == images, "\(values.count) fills of \(images) images")
        let lanes = planes.lanes
        for (image, rectangle) in rectangles.enumerated() where !rectangle.isEmpty {
            precondition(values[image].count == channels, "\(values[image].count) values for \(channels) channels")
            for block in 0..<blocks {
                // SAFETY: pointer() has checked that the crop holds the rectangle.
                let first = unsafe pointer(rectangle, image: image, block: block)
                let used = min(lanes, channels - block * lanes)
                for row in 0..<rectangle.rows.count {
                    for column in 0..<rectangle.columns.count {
                        for lane in 0..<lanes {
                            unsafe first[row * rowFloats + column * lanes + lane] =
                                lane < used ? values[image][block * lanes + lane] : 0
                        }
                    }
                }
            }
        }
        withExtendedLifetime(planes) {}
    }

    /// Whole maps: those of the one image of `maps`, for each image with its rectangle of the crop in its place.
    public func inserted(
        _ rectangles: [MapRectangle], into maps: BlockedMaps, result: BlockedMaps, _ context: KernelContext
    ) {
        precondition(
            maps.images == 1 && result.hasShape(images, channels, maps.height, maps.width),
            "crops of \(channels) channels into \(maps.shapeText) as \(result.shapeText)")
        let blocks = self.blocks
        // SAFETY: both planes have the same size, and each part writes one; a rectangle within the map begins and ends
        // within its plane, and pointer() has checked that the crop holds it.
        context.team.forEach(images * blocks) { part in
            let (image, block) = (part / blocks, part % blocks)
            let plane = unsafe result.planes.plane(image: image, block: block)
            unsafe plane.update(from: maps.planes.plane(block: block), count: maps.planes.planeFloats)
            let rectangle = rectangles[image]
            if rectangle.isEmpty { return }
            precondition(maps.whole.contains(rectangle), "\(rectangle) of maps of \(maps.shapeText)")
            let source = unsafe pointer(rectangle, image: image, block: block)
            for row in 0..<rectangle.rows.count {
                let position = (rectangle.rows.lowerBound + row) * maps.width + rectangle.columns.lowerBound
                unsafe (plane + position * BlockedMaps.lanes)
                    .update(from: source + row * rowFloats, count: rectangle.columns.count * BlockedMaps.lanes)
            }
        }
        withExtendedLifetime((self, maps, result)) {}
    }
}

extension BlockedMaps {
    /// All positions of a map.
    public var whole: MapRectangle { MapRectangle(rows: 0..<height, columns: 0..<width) }
}

extension MapRectangle {
    fileprivate var bounds: sb_bounds {
        sb_bounds(
            first_row: rows.lowerBound, end_row: rows.upperBound, first_column: columns.lowerBound,
            end_column: columns.upperBound)
    }
}
