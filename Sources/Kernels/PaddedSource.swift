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
    /// Floats after which addresses share a set of the first-level cache, and the ways of a set that a register tile's
    /// pixels may take beside its weights.
    private static let setFloats = 1024
    private static let ways = 8

    /// The same maps with their images in different sets of the first-level cache, copied where they are in one and results
    /// have one pixel an image.
    ///
    /// A register tile whose pixels are of many images reads a line of each, again for every lane.
    func spreadOverSets(forPixels pixels: Int, _ context: KernelContext) -> MapPlanes {
        if pixels > 1 || images <= Self.ways || imageStep == 0 || imageStep % Self.setFloats != 0 { return self }
        let step = imageFloats + BlockedMaps.lanes
        let result = MapPlanes(
            storage: MapStorage(count: images * step, from: context.buffers), offset: 0, images: images,
            channels: channels, height: height, width: width, lanes: lanes, step: step)
        // SAFETY: both have imageFloats an image; each image is written by one thread.
        context.team.forEach(images) { image in
            unsafe result.plane(image: image).update(from: plane(image: image), count: imageFloats)
        }
        return result
    }

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
