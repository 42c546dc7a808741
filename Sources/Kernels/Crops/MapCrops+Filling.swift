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
            maps.lanes == planes.lanes && maps.channels == channels && maps.images == 1 && there.count == images,
            "crops of \(channels) channels from \(maps.images) images of \(maps.channels)")
        let frames = zip(wanted, there).map { $0.0.parts(outside: $0.1) }
        forEachBlock(wanted, context) { image, block in
            for part in frames[image] {
                // SAFETY: the part read is cut to the plane; pointer() has checked that the crop holds what is written.
                unsafe sb_copy_part(
                    maps.plane(block: block), maps.height, maps.width, maps.lanes, part.rows.lowerBound,
                    part.rows.upperBound, part.columns.lowerBound, part.columns.upperBound,
                    pointer(part, image: image, block: block), rowFloats)
            }
        }
        withExtendedLifetime(maps) {}
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
    /// At most four rectangles that cover what is in this one and not in the other, which lies within it or is empty.
    func parts(outside inner: MapRectangle) -> [MapRectangle] {
        if isEmpty { return [] }
        if inner.isEmpty { return [self] }
        let rows = max(rows.lowerBound, inner.rows.lowerBound)..<min(rows.upperBound, inner.rows.upperBound)
        return [
            MapRectangle(rows: self.rows.lowerBound..<rows.lowerBound, columns: columns),
            MapRectangle(rows: rows, columns: columns.lowerBound..<inner.columns.lowerBound),
            MapRectangle(rows: rows, columns: inner.columns.upperBound..<columns.upperBound),
            MapRectangle(rows: rows.upperBound..<self.rows.upperBound, columns: columns),
        ].filter { !$0.isEmpty }
    }
}
