import CKernels
import Concurrency

extension LocalResponseNormalization {
    /// Normalises a rectangle of each image.
    public func forward(
        _ x: MapCrops, at rectangles: [MapRectangle], into result: MapCrops, _ context: KernelContext
    ) {
        precondition(
            x.channels == result.channels && x.images == result.images && rectangles.count == x.images,
            "a normalisation of unlike crops")
        let room = sb_normalization_room(x.channels, size)
        // SAFETY: a part writes all blocks at the pixels of a rectangle; rows(of:) checks that the crops hold them, and
        // their blocks are equally far apart; the room is as large as the C side asks for.
        context.team.forEach(x.images) { image in
            if rectangles[image].isEmpty { return }
            let (source, target, rows, pixels) = unsafe result.rows(of: rectangles[image], x, image, 0)
            unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: room) { buffer in
                guard let base = buffer.baseAddress else { return }
                for row in 0..<rows {
                    var parameters = unsafe sb_normalization(
                        source: source + row * x.rowFloats, signal: nil, destination: target + row * result.rowFloats,
                        source_block: x.planes.planeFloats, signal_block: 0,
                        destination_block: result.planes.planeFloats, channels: x.channels, size: size,
                        alpha: Double(alpha), beta: Double(beta), bias: Double(bias))
                    unsafe context.table.loops.pointee.normalize(&parameters, pixels, base)
                }
            }
        }
        withExtendedLifetime((x, result)) {}
    }
}
