import CKernels
import Concurrency

extension Concatenation {
    /// Copies all channels of a part, in a rectangle of each image, to the channels of the whole from `channel` on.
    public static func place(
        _ part: MapCrops, at channel: Int, of result: MapCrops, in rectangles: [MapRectangle], _ context: KernelContext
    ) {
        precondition(
            channel >= 0 && channel + part.channels <= result.channels && part.images == result.images
                && rectangles.count == part.images,
            "\(part.channels) channels of \(part.images) images at \(channel) of \(result.channels) of \(result.images)"
        )
        let lanes = BlockedMaps.lanes
        context.team.forEach(part.images) { image in
            let rectangle = rectangles[image]
            var done = rectangle.isEmpty ? part.channels : 0
            while done < part.channels {
                let to = channel + done
                let length = min(part.channels - done, lanes - done % lanes, lanes - to % lanes)
                // SAFETY: pointer() checks that the crops hold the rectangle; from and to with length lanes stay within
                // their blocks; the image is written by this part alone.
                let source = unsafe part.pointer(rectangle, image: image, block: done / lanes)
                let target = unsafe result.pointer(rectangle, image: image, block: to / lanes)
                for row in 0..<rectangle.rows.count {
                    unsafe sb_copy_lanes(
                        source + row * part.rowFloats, done % lanes, target + row * result.rowFloats, to % lanes,
                        length, rectangle.columns.count)
                }
                done += length
            }
        }
        withExtendedLifetime((part, result)) {}
    }
}

extension MapCrops {
    /// Sets the lanes past the last channel to zero in a rectangle of each image.
    public func clearUnusedLanes(at rectangles: [MapRectangle]) {
        let used = channels % BlockedMaps.lanes
        if used == 0 { return }
        for (image, rectangle) in rectangles.enumerated() where !rectangle.isEmpty {
            // SAFETY: pointer() checks that the crop holds the rectangle.
            let first = unsafe pointer(rectangle, image: image, block: blocks - 1)
            for row in 0..<rectangle.rows.count {
                unsafe sb_set_lanes(
                    first + row * rowFloats, used, BlockedMaps.lanes, rectangle.columns.count, 0)
            }
        }
        withExtendedLifetime(planes) {}
    }
}
