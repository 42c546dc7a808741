import CKernels
import Concurrency

/// Max pooling: the first maximum of a window in row-major order wins, and padding never does.
public enum MaxPooling {
    /// The maxima of the windows of `x`: maps of shape [N, C, h, w] as the geometry says.
    ///
    /// A window that holds a NaN has NaN for its maximum, so that it is not lost.
    /// Every window must meet the image: ``WindowGeometry/everyWindowMeetsInput(height:width:)``. The result goes into
    /// `destination` or else into new maps.
    @discardableResult
    public static func forward(
        _ x: BlockedMaps, _ geometry: WindowGeometry, into destination: BlockedMaps? = nil, _ context: KernelContext
    ) -> BlockedMaps {
        let result = pooled(x, geometry, destination, context)
        _ = run(x, geometry, result, nil, context)
        return result
    }

    /// The maxima together with the position of each, which unpooling needs.
    ///
    /// Throws ``KernelsError/notANumber(operation:)`` if a window holds a NaN: there is no greatest value then.
    public static func forwardWithSwitches(
        _ x: BlockedMaps, _ geometry: WindowGeometry, into destination: BlockedMaps? = nil, _ context: KernelContext
    ) throws(KernelsError) -> (maps: BlockedMaps, switches: Switches) {
        let result = pooled(x, geometry, destination, context)
        let switches = Switches(
            planes: result.another(context).planes, inputHeight: x.height, inputWidth: x.width)
        let found = run(x, geometry, result, switches, context)
        if found.metNaN { throw .notANumber(operation: "max pooling") }
        if found.isOutside { throw .switchOutOfRange(operation: "max pooling", limit: x.planes.pixels) }
        return (result, switches)
    }

    private static func pooled(
        _ x: BlockedMaps, _ geometry: WindowGeometry, _ destination: BlockedMaps?, _ context: KernelContext
    ) -> BlockedMaps {
        guard let size = geometry.outputSize(height: x.height, width: x.width),
            geometry.everyWindowMeetsInput(height: x.height, width: x.width), x.planes.pixels <= Int(Int32.max)
        else {
            preconditionFailure("a max pooling of geometry \(geometry) of maps of \(x.height)×\(x.width)")
        }
        return BlockedMaps.result(
            destination, images: x.images, channels: x.channels, height: size.height, width: size.width, context)
    }

    private struct Findings: Sendable {
        var metNaN = false
        var isOutside = false
    }

    private static func run(
        _ x: BlockedMaps, _ geometry: WindowGeometry, _ result: BlockedMaps, _ switches: Switches?,
        _ context: KernelContext
    ) -> Findings {
        let blocks = x.blocks
        let pieces = DepthwiseConvolution.rowPieces(x.images * blocks, result.height, context)
        let findings = Guarded(Findings())
        context.team.forEach(x.images * blocks * pieces) { part in
            // All blocks of some rows lie together, as convolutions of large maps are shared out.
            let (image, block) = (part / blocks / pieces, part % blocks)
            let rows = DepthwiseConvolution.piece(part / blocks % pieces, of: pieces, result.height)
            let found = pool(x, geometry, result, switches, image: image, block: block, rows, context)
            if found.metNaN || found.isOutside {
                findings.withLock { all in
                    all.metNaN = all.metNaN || found.metNaN
                    all.isOutside = all.isOutside || found.isOutside
                }
            }
        }
        return findings.withLock { $0 }
    }

    private static func pool(
        _ x: BlockedMaps, _ geometry: WindowGeometry, _ result: BlockedMaps, _ switches: Switches?, image: Int,
        block: Int, _ rows: Range<Int>, _ context: KernelContext
    ) -> Findings {
        // SAFETY: the rows of one plane are read and written; everyWindowMeetsInput keeps the windows, cut to the image,
        // from being empty; the maps are alive until this returns.
        var parameters = unsafe sb_pooling(
            geometry, of: x, source: x.planes.plane(image: image, block: block),
            destination: result.planes.plane(image: image, block: block), columns: result.width)
        defer { withExtendedLifetime((x, result)) {} }
        var findings = Findings()
        guard let switches else {
            findings.metNaN = unsafe context.table.loops.pointee.max_pool(
                &parameters, rows.lowerBound, rows.upperBound)
            return findings
        }
        // SAFETY: the switches have the pooled maps' shape; those of these rows were written just before they are read.
        unsafe switches.withPlane(image: image, block: block) { plane in
            unsafe parameters.switches = plane
            findings.metNaN = unsafe context.table.loops.pointee.max_pool(
                &parameters, rows.lowerBound, rows.upperBound)
            let rowCount = result.width * BlockedMaps.lanes
            findings.isOutside = unsafe !sb_switches_in_range(
                plane + rows.lowerBound * rowCount, rows.count * rowCount, Int32(x.planes.pixels))
        }
        return findings
    }
}

extension sb_pooling {
    /// The pooling of one plane of maps.
    init(
        _ geometry: WindowGeometry, of maps: BlockedMaps, source: UnsafePointer<Float>,
        destination: UnsafeMutablePointer<Float>, columns: Int, countsPadding: Bool = false
    ) {
        // SAFETY: the pointers are passed on as they are; the caller keeps them alive.
        unsafe self.init(
            source: source, destination: destination, switches: nil, height: maps.height, width: maps.width,
            columns: columns, source_row: maps.width, destination_row: columns, kernel_rows: geometry.kernelHeight,
            kernel_columns: geometry.kernelWidth, stride_y: geometry.strideY, stride_x: geometry.strideX,
            dilation_y: geometry.dilationY,
            dilation_x: geometry.dilationX, pad_top: geometry.padTop, pad_left: geometry.padLeft,
            pad_bottom: geometry.padBottom, pad_right: geometry.padRight, counts_padding: countsPadding)
    }
}
