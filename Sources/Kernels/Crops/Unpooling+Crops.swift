import CKernels
import Concurrency

extension Unpooling {
    /// Unpools a rectangle of each image's values, all others being 0, and computes what they reach: for each image a
    /// rectangle of the map before pooling, outside of which there are zeros.
    ///
    /// The bits are those of the whole unpooling. The switches are those of the pooling with that geometry, for as many
    /// images as there are crops.
    public static func forward(
        _ r: MapCrops, at rectangles: [MapRectangle], _ switches: Switches, _ geometry: WindowGeometry,
        overlap: OverlapRule, rectified: Bool, _ context: KernelContext
    ) -> (maps: MapCrops, rectangles: [MapRectangle]) {
        precondition(
            r.channels == switches.channels && r.images == switches.images && rectangles.count == r.images,
            "crops of \(r.channels) channels of \(r.images) images to unpool with switches of \(switches.channels) of "
                + "\(switches.images)")
        let (height, width) = (switches.inputHeight, switches.inputWidth)
        let reached = rectangles.map { geometry.inputs(of: $0, height: height, width: width) }
        var (values, windows, written) = (r, rectangles, reached)
        if overlap != .sum {
            // A window that has a zero can win against one of these, where they chose the same position.
            windows = reached.map { geometry.outputs(touching: $0, height: height, width: width) }
            values = r.padded(rectangles, to: windows, context)
            written = windows.map { geometry.inputs(of: $0, height: height, width: width) }
        }
        let result = MapCrops(holding: written, channels: r.channels, from: context.buffers)
        let (all, places) = (windows, written)
        let source = values
        result.forEachBlock(written, context) { image, block in
            // SAFETY: pointer() has checked that the crops hold the rectangles; the switches are those of the windows'
            // rows and columns; each lies in its window, as the pooling that made them sees to, and so in what is written.
            unsafe switches.withPlane(image: image, block: block) { plane in
                var part = unsafe sb_unpooling(
                    all[image], places[image], of: geometry,
                    values: source.pointer(all[image], image: image, block: block), valuesRow: source.width,
                    switches: plane, of: switches,
                    destination: result.pointer(places[image], image: image, block: block),
                    destinationRow: result.width)
                unsafe (part.overlap, part.rectified) = (overlap.code, rectified)
                unsafe sb_unpool_part(&part)
            }
        }
        withExtendedLifetime((r, values, result)) {}
        return (result, reached)
    }
}

extension sb_unpooling {
    /// The unpooling of a rectangle of windows into a rectangle of the map, by the sum.
    fileprivate init(
        _ windows: MapRectangle, _ place: MapRectangle, of geometry: WindowGeometry, values: UnsafePointer<Float>,
        valuesRow: Int, switches plane: UnsafePointer<Int32>, of switches: Switches,
        destination: UnsafeMutablePointer<Float>, destinationRow: Int
    ) {
        let first = windows.rows.lowerBound * switches.width + windows.columns.lowerBound
        precondition(
            windows.rows.upperBound <= switches.height && windows.columns.upperBound <= switches.width,
            "switches of windows \(windows) of \(switches.height)×\(switches.width)")
        // SAFETY: the first window is one of the plane's; the pointers are passed on, for the caller to keep alive.
        unsafe self.init(
            values: values, switches: plane + first * BlockedMaps.lanes, destination: destination,
            rows: windows.rows.count, columns: windows.columns.count, values_row: valuesRow,
            switches_row: switches.width, start: geometry.vertical.start(of: windows.rows.lowerBound),
            stride: geometry.strideY, span: geometry.effectiveKernelHeight, width: switches.inputWidth,
            top: place.rows.lowerBound, left: place.columns.lowerBound, height: place.rows.count,
            breadth: place.columns.count, destination_row: destinationRow, overlap: SB_OVERLAP_SUM,
            rectified: false)
    }
}
