import CKernels
import Concurrency
import Tensors

extension TransposedConvolution {
    /// Whether ``spread(_:at:_:height:width:_:)`` is there for these weights: of a few neighbouring channels, as a
    /// network's input has.
    public static func spreads(_ weights: ConvolutionWeights) -> Bool {
        let geometry = weights.geometry
        return takesCrops(weights) && weights.groups == 1 && weights.inputChannels < BlockedMaps.lanes
            && geometry.dilationX == 1 && geometry.kernelHeight <= 64
            && geometry.kernelWidth * weights.inputChannels <= Int(SB_SPREAD_FLOATS)
    }

    /// The same as ``adjoint(_:at:_:height:width:rectified:_:)``, not rectified, into crops whose channels lie side by
    /// side; nil if what comes out is not finite.
    ///
    /// Precondition: ``spreads(_:)``.
    public static func spread(
        _ r: SignalCrops, at rectangles: [MapRectangle], _ weights: ConvolutionWeights, height: Int, width: Int,
        _ context: KernelContext
    ) -> (maps: MapCrops, rectangles: [MapRectangle])? {
        precondition(rectangles.count == r.images && r.holds(rectangles), "\(rectangles.count) rectangles to be spread")
        let reached = rectangles.map { weights.geometry.inputs(of: $0, height: height, width: width) }
        let result = MapCrops(holding: reached, fewChannels: weights.inputChannels, from: context.buffers)
        let filters = weights.spreading()
        let bands = context.team.threads == 1 ? 1 : max(1, context.team.threads * 2 / max(1, r.images))
        context.team.forEach(r.images * bands) { part in
            let (image, band) = (part / bands, part % bands)
            if reached[image].isEmpty { return }
            let job = SpreadJob(r, rectangles[image], reached[image], image, weights.geometry, filters, into: result)
            job.run(part: band, of: bands, context)
        }
        withExtendedLifetime((r, filters)) {}
        let isFinite = reached.enumerated().allSatisfy { $1.isEmpty || result.isFinite(image: $0, $1) }
        return isFinite ? (result, reached) : nil
    }
}

/// The spreading of one image's rectangle.
@safe
private struct SpreadJob {
    /// All but the room.
    private var parameters: sb_spreading
    private let pooled: PooledCrops?
    private let image: Int
    private let rows: Range<Int>
    /// Floats of the room, behind those of a row of the source.
    private let (rowFloats, roomFloats): (Int, Int)

    init(
        _ r: SignalCrops, _ rectangle: MapRectangle, _ reached: MapRectangle, _ image: Int, _ geometry: WindowGeometry,
        _ filters: SpreadFilters, into result: MapCrops
    ) {
        let channels = result.channels
        let span = geometry.span(of: rectangle)
        let firstRow = reached.rows.lowerBound - span.rows.lowerBound
        rows = firstRow..<firstRow + reached.rows.count
        let stepFloats = geometry.strideX * channels
        let roomRow = (rectangle.columns.count - 1) * stepFloats + filters.rowFloats
        let lanes = BlockedMaps.lanes
        (pooled, self.image) = (r.pooled, image)
        rowFloats = r.pooled == nil ? 0 : rectangle.columns.count * lanes
        roomFloats = geometry.effectiveKernelHeight * roomRow + lanes
        // SAFETY: pointer() has checked that the crops hold the rectangles; the caller keeps crops and filters alive.
        unsafe parameters = sb_spreading(
            source: nil, pooled: nil, map_row: rectangle.rows.lowerBound, map_column: rectangle.columns.lowerBound,
            row_values: nil, rows: rectangle.rows.count, columns: rectangle.columns.count, source_row: 0,
            source_block: 0,
            blocks: r.blocks, last_lanes: r.channels - (r.blocks - 1) * lanes,
            weights: filters.storage.base + filters.margin,
            weights_row: filters.rowFloats, width: filters.width, kernel_rows: geometry.kernelHeight,
            dilation_y: geometry.dilationY, stride_y: geometry.strideY, stride_floats: stepFloats,
            first_float: (reached.columns.lowerBound - span.columns.lowerBound) * channels,
            floats: reached.columns.count * channels,
            destination: result.pointer(reached, image: image, block: 0), first_row: firstRow,
            destination_row: result.rowFloats, room: nil, room_row: roomRow)
        if case .maps(let crops) = r {
            unsafe parameters.source = UnsafePointer(crops.pointer(rectangle, image: image, block: 0))
            unsafe (parameters.source_row, parameters.source_block) = (crops.rowFloats, crops.planes.planeFloats)
        }
    }

    /// One of some bands of rows.
    func run(part: Int, of parts: Int, _ context: KernelContext) {
        let band = rows.lowerBound + rows.count * part / parts..<rows.lowerBound + rows.count * (part + 1) / parts
        if band.isEmpty { return }
        let room = MapStorage(count: rowFloats + roomFloats, from: context.buffers)
        // SAFETY: the room has a row of the source, and one for each that the kernel spans, of this call alone; the band
        // lies within the rows; the signal is there while the kernel runs.
        var parameters = unsafe self.parameters
        unsafe (parameters.row_values, parameters.room) = (room.floats.base, room.floats.base + rowFloats)
        if let pooled {
            unsafe withUnsafePointer(to: pooled.signal(image: image)) { signal in
                unsafe parameters.pooled = signal
                unsafe context.table.loops.pointee.spread(&parameters, band.lowerBound, band.upperBound)
            }
        } else {
            unsafe context.table.loops.pointee.spread(&parameters, band.lowerBound, band.upperBound)
        }
        withExtendedLifetime((room, pooled)) {}
    }
}

extension MapCrops {
    /// Whether all values of a rectangle are finite.
    fileprivate func isFinite(image: Int, _ rectangle: MapRectangle) -> Bool {
        defer { withExtendedLifetime(planes) {} }
        // SAFETY: pointer() has checked that the crop holds the rectangle.
        let first = unsafe pointer(rectangle, image: image, block: 0)
        return (0..<rectangle.rows.count).allSatisfy { row in
            unsafe sb_all_finite(first + row * rowFloats, rectangle.columns.count * planes.lanes)
        }
    }
}
