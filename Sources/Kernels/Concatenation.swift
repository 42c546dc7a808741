import CKernels
import Concurrency
import Tensors

/// Maps behind one another along the channels.
public enum Concatenation {
    /// Whether parts of these channel counts begin at whole blocks, so that kernels can write straight into views of the
    /// whole: true if every one but the last is a multiple of 16.
    public static func isAligned(_ channels: [Int]) -> Bool {
        channels.dropLast().allSatisfy { $0.isMultiple(of: BlockedMaps.lanes) }
    }

    /// All channels of the parts, which must have the same number and size of images, in order.
    public static func forward(_ parts: [BlockedMaps], _ context: KernelContext) -> BlockedMaps {
        guard let first = parts.first else { preconditionFailure("no maps to concatenate") }
        let result = BlockedMaps(
            images: first.images, channels: parts.reduce(0) { $0 + $1.channels }, height: first.height,
            width: first.width, from: context.buffers)
        let isAligned = isAligned(parts.map(\.channels))
        var channel = 0
        for part in parts {
            precondition(
                part.hasShape(first.images, part.channels, first.height, first.width),
                "a concatenation of \(part.shapeText) and \(first.shapeText)")
            if isAligned {
                let range = channel..<channel + part.channels
                Elementwise.copy(part, into: result.view(channels: range), context)
            } else {
                moveLanes(of: part, from: 0, to: result, at: channel, count: part.channels, context)
            }
            channel += part.channels
        }
        result.clearUnusedLanes()
        return result
    }

    /// The adjoint: `r` cut into parts of these channel counts, which are views where they begin at whole blocks, or
    /// else copies.
    public static func split(_ r: BlockedMaps, channels: [Int], _ context: KernelContext) -> [BlockedMaps] {
        precondition(channels.reduce(0, +) == r.channels, "\(r.shapeText) in parts of \(channels) channels")
        var start = 0
        return channels.map { count in
            defer { start += count }
            let end = start + count
            if start.isMultiple(of: BlockedMaps.lanes)
                && (end.isMultiple(of: BlockedMaps.lanes) || end == r.channels)
            {
                return r.view(channels: start..<end)
            }
            let part = BlockedMaps(
                images: r.images, channels: count, height: r.height, width: r.width, from: context.buffers)
            moveLanes(of: r, from: start, to: part, at: 0, count: count, context)
            part.clearUnusedLanes()
            return part
        }
    }

    /// Copies channels between maps in which they have different lanes.
    private static func moveLanes(
        of source: BlockedMaps, from first: Int, to destination: BlockedMaps, at start: Int, count: Int,
        _ context: KernelContext
    ) {
        let lanes = BlockedMaps.lanes
        context.team.forEach(source.images) { image in
            var done = 0
            while done < count {
                let (from, to) = (first + done, start + done)
                let length = min(count - done, lanes - from % lanes, lanes - to % lanes)
                // SAFETY: both planes have the same pixels, and from and to with length lanes stay within their blocks;
                // the destination's image is written by this part alone.
                unsafe sb_copy_lanes(
                    source.planes.plane(image: image, block: from / lanes), from % lanes,
                    destination.planes.plane(image: image, block: to / lanes), to % lanes, length,
                    source.planes.pixels)
                done += length
            }
        }
        withExtendedLifetime((source, destination)) {}
    }
}

/// Maps as one long row of channels, in ONNX's order.
///
/// Dense layers read maps as they are and do not need it.
public enum Flattening {
    /// [N, C, H, W] as [N, C · H · W, 1, 1].
    public static func forward(_ x: BlockedMaps, _ context: KernelContext) -> BlockedMaps {
        if x.height == 1 && x.width == 1 { return x }
        return BlockedMaps(x.rows(), buffers: context.buffers)
    }

    /// [N, C · H · W, 1, 1] as [N, C, H, W].
    public static func adjoint(
        _ r: BlockedMaps, channels: Int, height: Int, width: Int, _ context: KernelContext
    ) -> BlockedMaps {
        precondition(
            r.hasShape(r.images, channels * height * width, 1, 1),
            "\(r.shapeText) as [\(channels), \(height), \(width)]")
        if height == 1 && width == 1 { return r }
        return BlockedMaps(
            r.tensor().reshaped(to: [r.images, channels, height, width]), buffers: context.buffers)
    }
}
