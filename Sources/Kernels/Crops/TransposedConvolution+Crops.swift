import CKernels
import Concurrency
import Tensors

extension TransposedConvolution {
    /// Whether the adjoint of parts of maps is there for these weights, and zeros may be left out.
    public static func takesCrops(_ weights: ConvolutionWeights) -> Bool {
        switch weights.forward {
        case .general(let bank): bank.isFinite
        case .depthwise: false
        }
    }

    /// The adjoint at a rectangle of each image, all outside of it being 0: for each image the rectangle that it reaches
    /// in maps of that size, outside of which there are zeros.
    ///
    /// The bits are those of the adjoint at whole maps. Precondition: ``takesCrops(_:)``.
    public static func adjoint(
        _ r: SignalCrops, at rectangles: [MapRectangle], _ weights: ConvolutionWeights, height: Int, width: Int,
        rectified: Bool, _ context: KernelContext
    ) -> (maps: MapCrops, rectangles: [MapRectangle]) {
        adjoint(r, at: rectangles, weights, height: height, width: width, rectified: rectified, by: .measured, context)
    }

    /// The same by kernels of one's choice; those that leave zeros out where they can.
    package static func adjoint(
        _ r: SignalCrops, at rectangles: [MapRectangle], _ weights: ConvolutionWeights, height: Int, width: Int,
        rectified: Bool, by way: Way, _ context: KernelContext
    ) -> (maps: MapCrops, rectangles: [MapRectangle]) {
        precondition(
            r.channels == weights.outputChannels && rectangles.count == r.images && r.holds(rectangles),
            "crops of \(r.channels) channels to the adjoint of a convolution of \(weights.outputChannels) outputs")
        let reached = rectangles.map { weights.geometry.inputs(of: $0, height: height, width: width) }
        let result = MapCrops(holding: reached, channels: weights.inputChannels, from: context.buffers)
        let phases = weights.adjoint()
        let zero = AlignedStorage(count: result.blocks * BlockedMaps.lanes)
        let low: Float = rectified ? 0 : -.infinity
        if isSparse(r, rectangles, reached, phases, way) {
            sparse(r, rectangles, reached, phases, into: result, low: low, context)
        } else {
            dense(r.maps(context), rectangles, reached, phases, zero, into: result, low: low, context)
        }
        withExtendedLifetime((phases, result, zero)) {}
        return (result, reached)
    }

    /// The phases as convolutions of the rectangles with zeros around them.
    private static func dense(
        _ r: MapCrops, _ rectangles: [MapRectangle], _ reached: [MapRectangle], _ phases: [TransposedPhase],
        _ zero: AlignedStorage, into result: MapCrops, low: Float, _ context: KernelContext
    ) {
        let read = zip(rectangles, reached).map { at, reached in
            phases.reduce(at) { $0.union($1.reads(for: reached)) }
        }
        let source = r.padded(rectangles, to: read, context)
        var jobs: [ConvolutionJob] = []
        for phase in phases {
            guard case .general(let bank) = phase.filters else {
                preconditionFailure("crops to the adjoint of a depthwise convolution")
            }
            let parts = sb_rectangle.parts(of: phase, reached, from: source, to: result)
            if parts.isEmpty { continue }
            jobs += bank.spans.map { job(of: $0, bank, phase, source, result, zero, parts, low: low) }
        }
        ConvolutionJob.run(jobs, context)
        withExtendedLifetime(source) {}
    }

    private static func job(
        of span: FilterBank.Span, _ bank: FilterBank, _ phase: TransposedPhase, _ source: MapCrops,
        _ result: MapCrops, _ zero: AlignedStorage, _ parts: [sb_rectangle], low: Float
    ) -> ConvolutionJob {
        // SAFETY: the caller keeps bank, source, zero and result alive; zero has a float for every lane of the result.
        var job = unsafe ConvolutionJob(
            reading: span.inputs, of: source.planes, weights: bank.storage.base + span.offset, bias: zero.base,
            into: result.planes, block: span.outputBlocks.lowerBound, rectangles: parts,
            blocks: span.outputBlocks.count, taps: (bank.rows.count, bank.columns.count))
        unsafe job.parameters.tap_row = phase.vertical.tapStep * source.rowFloats
        unsafe job.parameters.tap_column = phase.horizontal.tapStep * BlockedMaps.lanes
        unsafe job.parameters.destination_row = phase.strideY * result.rowFloats
        unsafe job.parameters.destination_column = phase.strideX * BlockedMaps.lanes
        unsafe job.parameters.low = low
        return job
    }
}

extension TransposedPhase {
    /// The outputs that the taps read for the inputs of the class in a rectangle; none where there are no taps.
    func reads(for inputs: MapRectangle) -> MapRectangle {
        MapRectangle(rows: vertical.reads(for: inputs.rows), columns: horizontal.reads(for: inputs.columns))
    }
}

extension AxisPhase {
    /// The inputs of the class within a range, by their number in the class.
    func members(of inputs: Range<Int>) -> Range<Int> {
        func before(_ input: Int) -> Int { input <= first ? 0 : (input - first + stride - 1) / stride }
        return before(inputs.lowerBound)..<before(inputs.upperBound)
    }

    /// The outputs that the taps read for the inputs of the class within a range.
    func reads(for inputs: Range<Int>) -> Range<Int> {
        let members = members(of: inputs)
        if taps.isEmpty || members.isEmpty { return 0..<0 }
        return start + members.lowerBound..<start + members.upperBound + (taps.count - 1) * tapStep
    }
}

extension sb_rectangle {
    /// The members of a phase in a rectangle of each image, for those that have some.
    fileprivate static func parts(
        of phase: TransposedPhase, _ rectangles: [MapRectangle], from source: MapCrops, to result: MapCrops
    ) -> [sb_rectangle] {
        rectangles.enumerated().compactMap { image, rectangle in
            let rows = phase.vertical.members(of: rectangle.rows)
            let columns = phase.horizontal.members(of: rectangle.columns)
            if rows.isEmpty || columns.isEmpty { return nil }
            let reads = phase.reads(for: rectangle)
            let place = MapRectangle(
                rows: phase.vertical.span(of: rows), columns: phase.horizontal.span(of: columns))
            precondition(
                source.area(of: image).contains(reads) && result.area(of: image).contains(place),
                "\(place) from \(reads), in crops \(result.area(of: image)) and \(source.area(of: image))")
            return sb_rectangle(
                rows: rows.count, columns: columns.count,
                source: image * source.planes.imageStep
                    + (reads.isEmpty ? 0 : source.offset(of: reads, image: image)),
                destination: image * result.planes.imageStep + result.offset(of: place, image: image), addend: 0)
        }
    }
}

extension AxisPhase {
    /// From the first to the last of some members.
    func span(of members: Range<Int>) -> Range<Int> {
        first + members.lowerBound * stride..<first + (members.upperBound - 1) * stride + 1
    }
}
