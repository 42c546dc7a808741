import CKernels
import Concurrency
import Tensors

extension Convolution {
    /// Computes a rectangle of each image's outputs, in positions of the whole map, from a crop of what it reads.
    ///
    /// The bits are those of the whole convolution, whose maps have `height` rows of `width` columns. The crops must hold
    /// the rectangles and all that their windows span, with zeros in the padding; if outputs are computed in tiles, all
    /// within the map that the tiles look at which the rectangles are in.
    public static func forward(
        _ x: MapCrops, _ weights: ConvolutionWeights, activation: Activation, height: Int, width: Int,
        at rectangles: [MapRectangle], into result: MapCrops, _ context: KernelContext
    ) {
        precondition(
            x.channels == weights.inputChannels && result.channels == weights.outputChannels
                && x.images == result.images && rectangles.count == x.images,
            "crops of \(x.channels) to \(result.channels) channels for a convolution of \(weights.inputChannels) to "
                + "\(weights.outputChannels)")
        let tail = ActivationTail(activation)
        switch weights.forward {
        case .general(let bank) where weights.isTiled:
            let parts = WinogradConvolution.Part.parts(
                rectangles, weights.geometry, (height, width), from: x, to: result)
            WinogradConvolution.run(
                parts, of: x.planes, size: (height, width), weights, bank, tail, nil, result.planes, context)
        case .general(let bank):
            let outputs = sb_rectangle.parts(rectangles, weights.geometry, from: x, to: result)
            let jobs = bank.spans.map {
                job(of: $0, bank, x.planes, weights, tail, nil, result.planes, outputs)
            }
            ConvolutionJob.run(jobs, context)
        case .depthwise(let filters):
            DepthwiseConvolution.forward(x, weights, filters, tail, rectangles, result, context)
        }
        withExtendedLifetime((x, weights, result)) {}
        tail.finish(result, at: rectangles, context)
    }
}

extension DepthwiseConvolution {
    /// The same of one filter a channel.
    fileprivate static func forward(
        _ x: MapCrops, _ weights: ConvolutionWeights, _ filters: AlignedStorage, _ tail: ActivationTail,
        _ rectangles: [MapRectangle], _ result: MapCrops, _ context: KernelContext
    ) {
        let geometry = weights.geometry
        let taps = geometry.kernelHeight * geometry.kernelWidth
        let lanes = BlockedMaps.lanes
        // SAFETY: pointer() has checked that the crops hold what is read and written; there is one block of filters and
        // of biases for each block of channels; the caller keeps all of them alive.
        result.forEachBlock(rectangles, context) { image, block in
            let rectangle = rectangles[image]
            var parameters = unsafe sb_depthwise(
                source: x.pointer(geometry.span(of: rectangle), image: image, block: block),
                weights: filters.base + block * taps * lanes, bias: weights.bias.base + block * lanes, addend: nil,
                destination: result.pointer(rectangle, image: image, block: block), columns: rectangle.columns.count,
                source_row: geometry.strideY * x.rowFloats, source_column: geometry.strideX * lanes,
                destination_row: result.rowFloats, destination_column: lanes, kernel_rows: geometry.kernelHeight,
                kernel_columns: geometry.kernelWidth, tap_row: geometry.dilationY * x.rowFloats,
                tap_column: geometry.dilationX * lanes, low: tail.bounds.low, high: tail.bounds.high)
            unsafe context.table.loops.pointee.depthwise(&parameters, 0, rectangle.rows.count)
        }
    }
}

extension WinogradConvolution.Part {
    /// Rectangles of outputs from crops to crops of maps of that size.
    fileprivate static func parts(
        _ rectangles: [MapRectangle], _ geometry: WindowGeometry, _ size: (height: Int, width: Int), from x: MapCrops,
        to result: MapCrops
    ) -> [WinogradConvolution.Part] {
        guard let whole = geometry.outputSize(height: size.height, width: size.width) else {
            preconditionFailure("a convolution of geometry \(geometry) of maps of \(size.height)×\(size.width)")
        }
        let first = MapRectangle(rows: 0..<1, columns: 0..<1)
        return rectangles.enumerated().map { image, rectangle in
            let tiles = rectangle.grown(
                toMultiplesOf: WinogradConvolution.side, height: whole.height, width: whole.width)
            let inputs = geometry.inputs(of: tiles, height: size.height, width: size.width)
            precondition(
                x.area(of: image).contains(inputs) && result.area(of: image).contains(rectangle),
                "\(rectangle) from \(x.area(of: image)) to \(result.area(of: image))")
            return WinogradConvolution.Part(
                outputs: rectangle, source: image * x.planes.imageStep + x.offset(of: first, image: image),
                destination: image * result.planes.imageStep + result.offset(of: first, image: image))
        }
    }
}

extension sb_rectangle {
    /// Rectangles of outputs, those that are not empty, from crops to crops.
    fileprivate static func parts(
        _ rectangles: [MapRectangle], _ geometry: WindowGeometry, from x: MapCrops, to result: MapCrops
    ) -> [sb_rectangle] {
        var parts: [sb_rectangle] = []
        parts.reserveCapacity(rectangles.count)
        for (image, rectangle) in rectangles.enumerated() where !rectangle.isEmpty {
            let span = geometry.span(of: rectangle)
            precondition(
                x.area(of: image).contains(span) && result.area(of: image).contains(rectangle),
                "\(rectangle) from \(x.area(of: image)) to \(result.area(of: image))")
            parts.append(
                sb_rectangle(
                    rows: rectangle.rows.count, columns: rectangle.columns.count,
                    source: image * x.planes.imageStep + x.offset(of: span, image: image),
                    destination: image * result.planes.imageStep + result.offset(of: rectangle, image: image),
                    addend: 0))
        }
        return parts
    }
}
