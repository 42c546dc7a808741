import CKernels
import Concurrency

extension MapPlanes {
    /// The same maps with zeros around them, copied; the maps themselves where there is nothing to add.
    func padded(top: Int, left: Int, bottom: Int, right: Int, _ context: KernelContext) -> MapPlanes {
        if top == 0 && left == 0 && bottom == 0 && right == 0 { return self }
        let result = MapPlanes(
            images: images, channels: channels, height: height + top + bottom, width: width + left + right,
            lanes: lanes, from: context.buffers)
        let blocks = self.blocks
        let pieces = DepthwiseConvolution.rowPieces(images * blocks, result.height, context)
        // SAFETY: a part writes rows of its own of one plane of height + top + bottom rows, each of left + width + right
        // pixels of `lanes` floats; the plane read has height rows of width pixels.
        context.team.forEach(images * blocks * pieces) { part in
            let (image, block) = (part / pieces / blocks, part / pieces % blocks)
            let rows = DepthwiseConvolution.piece(part % pieces, of: pieces, result.height)
            unsafe sb_pad_rows(
                plane(image: image, block: block), height, width * lanes, result.plane(image: image, block: block),
                top, left * lanes, right * lanes, rows.lowerBound, rows.upperBound)
        }
        return result
    }
}

extension MapPlanes {
    /// The same maps with the zeros around them that windows of this geometry look at.
    func padded(_ geometry: WindowGeometry, _ context: KernelContext) -> MapPlanes {
        padded(
            top: geometry.padTop, left: geometry.padLeft, bottom: geometry.padBottom, right: geometry.padRight, context)
    }

    /// The same maps in blocks of 16 channels, copied if they are not.
    func blocked(_ context: KernelContext) -> BlockedMaps {
        if lanes == BlockedMaps.lanes { return BlockedMaps(planes: self) }
        let result = BlockedMaps(
            images: images, channels: channels, height: height, width: width, from: context.buffers)
        for image in 0..<images {
            // SAFETY: the one plane read has pixels · lanes floats, the one written pixels · 16.
            unsafe sb_widen(plane(image: image), lanes, result.planes.plane(image: image), pixels)
        }
        withExtendedLifetime((self, result)) {}
        return result
    }
}
