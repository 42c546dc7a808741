import CKernels
import Concurrency

extension MaxPooling {
    /// Computes a rectangle of each image's maxima, in positions of the whole map, from a crop of a map of that size.
    ///
    /// The bits are those of the whole pooling. The crops must hold what of the map the rectangles' windows span, and the
    /// rectangles; every window must meet the map.
    public static func forward(
        _ x: MapCrops, _ geometry: WindowGeometry, height: Int, width: Int, at rectangles: [MapRectangle],
        into result: MapCrops, _ context: KernelContext
    ) {
        precondition(x.channels == result.channels && x.images == result.images, "a pooling of unlike crops")
        result.forEachBlock(rectangles, context) { image, block in
            // SAFETY: the pooling's init checks what is read and written.
            var parameters = unsafe sb_pooling(
                geometry, of: x, height: height, width: width, at: rectangles[image], into: result, image: image,
                block: block)
            _ = unsafe context.table.loops.pointee.max_pool(&parameters, 0, rectangles[image].rows.count)
        }
        withExtendedLifetime(x) {}
    }
}

extension AveragePooling {
    /// Computes a rectangle of each image's averages, as ``MaxPooling`` does of the maxima.
    public static func forward(
        _ x: MapCrops, _ geometry: WindowGeometry, countIncludesPadding: Bool, height: Int, width: Int,
        at rectangles: [MapRectangle], into result: MapCrops, _ context: KernelContext
    ) {
        precondition(x.channels == result.channels && x.images == result.images, "a pooling of unlike crops")
        result.forEachBlock(rectangles, context) { image, block in
            // SAFETY: the pooling's init checks what is read and written.
            var parameters = unsafe sb_pooling(
                geometry, of: x, height: height, width: width, at: rectangles[image], into: result, image: image,
                block: block)
            unsafe parameters.counts_padding = countIncludesPadding
            unsafe sb_average_pool(&parameters, 0, rectangles[image].rows.count)
        }
        withExtendedLifetime(x) {}
    }
}

extension sb_pooling {
    /// The pooling of what a rectangle's windows span of the map: the part of a map that they cannot tell from the whole.
    fileprivate init(
        _ geometry: WindowGeometry, of x: MapCrops, height: Int, width: Int, at rectangle: MapRectangle,
        into result: MapCrops, image: Int, block: Int
    ) {
        let part = geometry.inputs(of: rectangle, height: height, width: width)
        // SAFETY: pointer() checks that the crops hold what is read and written; the caller keeps them alive.
        unsafe self.init(
            source: x.pointer(part, image: image, block: block),
            destination: result.pointer(rectangle, image: image, block: block), switches: nil, height: part.rows.count,
            width: part.columns.count, columns: rectangle.columns.count, source_row: x.width,
            destination_row: result.width, kernel_rows: geometry.kernelHeight, kernel_columns: geometry.kernelWidth,
            stride_y: geometry.strideY, stride_x: geometry.strideX, dilation_y: geometry.dilationY,
            dilation_x: geometry.dilationX,
            pad_top: part.rows.lowerBound - geometry.vertical.start(of: rectangle.rows.lowerBound),
            pad_left: part.columns.lowerBound - geometry.horizontal.start(of: rectangle.columns.lowerBound),
            pad_bottom: geometry.padBottom, pad_right: geometry.padRight, counts_padding: false)
    }
}
