import CKernels
import Concurrency
import Tensors

extension TransposedConvolution {
    /// Which kernels compute an adjoint: those that leave zeros out, the dense ones, or those that should be faster.
    package enum Way: Sendable {
        case sparse, dense, measured
    }

    /// Whether to leave zeros out, if that can be done.
    ///
    /// The values that are not zero are counted: their multiply-adds must be less than those of the dense kernels, zeros
    /// around the rectangles included. A multiply-add takes about as long in both: `Documentation/Performance.md`.
    static func isSparse(
        _ r: SignalCrops, _ rectangles: [MapRectangle], _ reached: [MapRectangle], _ phases: [TransposedPhase],
        _ way: Way
    ) -> Bool {
        var (dense, taps) = (0, 0)
        for phase in phases {
            guard case .general(let bank) = phase.filters, bank.isFinite,
                bank.spans.allSatisfy({ $0.inputs.lowerBound.isMultiple(of: BlockedMaps.lanes) })
            else { return false }
            let count = bank.rows.count * bank.columns.count
            if count > mostTaps { return false }
            taps += count
            for rectangle in reached {
                dense +=
                    phase.vertical.members(of: rectangle.rows).count
                    * phase.horizontal.members(of: rectangle.columns).count * count
            }
        }
        switch way {
        case .sparse: return true
        case .dense: return false
        case .measured: return r.mostNonzero(rectangles) * taps < dense * r.channels
        }
    }

    /// A step's number, tap · 16 + lane, has 16 bits; its weights are found by 16 times as much.
    private static let mostTaps = 255

    /// The phases as sparse convolutions.
    static func sparse(
        _ r: SignalCrops, _ rectangles: [MapRectangle], _ reached: [MapRectangle], _ phases: [TransposedPhase],
        into result: MapCrops, low: Float, _ context: KernelContext
    ) {
        let banks = phases.compactMap { phase -> (phase: TransposedPhase, bank: FilterBank)? in
            guard case .general(let bank) = phase.filters else { return nil }
            return (phase, bank)
        }
        // Images in whose rectangles nothing is reached have no patches in any phase.
        let images = rectangles.indices.filter { !reached[$0].isEmpty }
        if images.isEmpty { return }
        let patches = banks.map { sb_patch.parts(of: $0.phase, images, rectangles, reached, from: r, to: result) }
        // All phases read the same signal, and divide the channels alike.
        let jobs = banks[0].bank.spans.indices.flatMap { span in
            // SAFETY: bank, source and result are alive until the jobs are done.
            let parameters = unsafe banks.map { phase, bank in
                unsafe sb_sparse_convolution(of: bank.spans[span], bank, phase, from: r, to: result, low: low)
            }
            return unsafe SparseJob.pieces(
                parameters, patches, of: r.pooled, blocks: 0..<banks[0].bank.spans[span].outputBlocks.count, context)
        }
        SparseJob.run(jobs, context)
        withExtendedLifetime((r, result, phases)) {}
    }
}

extension MapCrops {
    /// How many values of the rectangles are not zero, or are positive.
    func countNonzero(_ rectangles: [MapRectangle], positive: Bool) -> Int {
        var count = 0
        for (image, rectangle) in rectangles.enumerated() where !rectangle.isEmpty {
            for block in 0..<blocks {
                // SAFETY: pointer() has checked that the crop holds the rectangle.
                let first = unsafe pointer(rectangle, image: image, block: block)
                for row in 0..<rectangle.rows.count {
                    let (values, pixels) = unsafe (first + row * rowFloats, rectangle.columns.count)
                    count += unsafe positive ? sb_count_positive(values, pixels) : sb_count_nonzero(values, pixels)
                }
            }
        }
        withExtendedLifetime(planes) {}
        return count
    }
}

extension sb_sparse_convolution {
    /// The convolution of one phase to one span of channels, without its patches and its room.
    fileprivate init(
        of span: FilterBank.Span, _ bank: FilterBank, _ phase: TransposedPhase, from r: SignalCrops,
        to result: MapCrops,
        low: Float
    ) {
        let lanes = BlockedMaps.lanes
        let first = span.inputs.lowerBound / lanes
        let blocks = (span.inputs.upperBound + lanes - 1) / lanes - first
        // SAFETY: the caller keeps bank, source and result alive; the room is null until the kernel is called.
        unsafe self.init()
        if case .maps(let crops) = r {
            unsafe source = UnsafePointer(crops.planes.plane(block: first))
            unsafe (source_row, source_block) = (crops.rowFloats, crops.planes.planeFloats)
        }
        unsafe first_block = first
        unsafe weights = UnsafePointer(bank.storage.base + span.offset)
        unsafe destination = result.planes.plane(block: span.outputBlocks.lowerBound)
        unsafe destination_row = phase.strideY * result.rowFloats
        unsafe destination_column = phase.strideX * lanes
        unsafe destination_block = result.planes.planeFloats
        unsafe weights_block = span.blockFloats
        unsafe self.blocks = blocks
        unsafe last_lanes = span.inputs.upperBound - (first + blocks - 1) * lanes
        unsafe (kernel_rows, kernel_columns) = (bank.rows.count, bank.columns.count)
        unsafe (tap_row, tap_column) = (phase.vertical.tapStep, phase.horizontal.tapStep)
        unsafe outputs = max(1, min(Int(SB_SPARSE_OUTPUTS), 36 / max(1, bank.rows.count * bank.columns.count)))
        unsafe self.low = low
    }
}

extension sb_patch {
    /// The members of a phase in the rectangles of some images, of which a patch may have none.
    fileprivate static func parts(
        of phase: TransposedPhase, _ images: [Int], _ rectangles: [MapRectangle], _ reached: [MapRectangle],
        from r: SignalCrops, to result: MapCrops
    ) -> [sb_patch] {
        images.map { image in
            let rows = phase.vertical.members(of: reached[image].rows)
            let columns = phase.horizontal.members(of: reached[image].columns)
            let isEmpty = rows.isEmpty || columns.isEmpty
            let place =
                isEmpty
                ? reached[image]
                : MapRectangle(rows: phase.vertical.span(of: rows), columns: phase.horizontal.span(of: columns))
            let source = rectangles[image]
            precondition(
                result.area(of: image).contains(place), "\(place) from \(source), in a crop \(result.area(of: image))")
            // That the crops hold the rectangles has been checked.
            let offset =
                if case .maps(let crops) = r {
                    image * crops.planes.imageStep + crops.offset(of: source, image: image)
                } else { 0 }
            return sb_patch(
                source: offset,
                source_rows: source.rows.count, source_columns: source.columns.count,
                destination: image * result.planes.imageStep + result.offset(of: place, image: image),
                rows: rows.count, columns: columns.count,
                top: phase.vertical.start + rows.lowerBound - source.rows.lowerBound,
                left: phase.horizontal.start + columns.lowerBound - source.columns.lowerBound, pooled: image,
                map_row: source.rows.lowerBound, map_column: source.columns.lowerBound)
        }
    }
}
