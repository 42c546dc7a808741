import CKernels
import Concurrency
import Tensors

extension Convolution {
    /// The convolution of vectors: `forward` of images with one position.
    static func forwardVectors(
        _ x: ReplacedBlocks, _ weights: ConvolutionWeights, _ activation: Activation, _ context: KernelContext
    ) -> BlockedMaps {
        let result = BlockedMaps(
            images: x.images, channels: weights.outputChannels, height: 1, width: 1, from: context.buffers)
        let tail = ActivationTail(activation)
        let lanes = BlockedMaps.lanes
        PointwiseReplacement(x, weights, tail, context).forEachStrip(context) { strip, part in
            for (index, image) in part.images.enumerated() {
                let first = part.firstOfImage[index]
                let isReplaced = part.firstOfImage[index + 1] > first
                // SAFETY: the result's blocks of an image lie together, 16 floats each; an entry has as many.
                let from =
                    unsafe isReplaced
                    ? strip.values.plane() + Int(part.entriesOfImages[first]) * strip.outputs.count * lanes
                    : strip.sum.plane()
                unsafe result.planes.plane(image: image, block: strip.outputs.lowerBound)
                    .update(from: from, count: strip.outputs.count * lanes)
            }
        }
        withExtendedLifetime(result) {}
        tail.finish(result, context)
        return result
    }
}

extension GlobalAveragePooling {
    /// Whether the means of a convolution's maps can be found without its maps.
    public static func follows(_ weights: ConvolutionWeights, _ activation: Activation) -> Bool {
        PointwiseReplacement.takes(weights) && activation.isFused
    }

    /// The means of the maps that a convolution of one tap, and then the activation, makes of images that are like one
    /// image but for some blocks of channels: [images, O, 1, 1].
    ///
    /// The convolution is computed only where an image differs, and only rows with such a position are summed again; the
    /// bits are those of the means of whole maps. Precondition: ``follows(_:_:)``.
    public static func forward(
        convolving x: ReplacedBlocks, _ weights: ConvolutionWeights, activation: Activation, _ context: KernelContext
    ) -> BlockedMaps {
        precondition(follows(weights, activation), "means of a convolution of geometry \(weights.geometry)")
        let result = BlockedMaps(
            images: x.images, channels: weights.outputChannels, height: 1, width: 1, from: context.buffers)
        let tail = ActivationTail(activation)
        let (height, width, lanes) = (x.base.height, x.base.width, BlockedMaps.lanes)
        PointwiseReplacement(x, weights, tail, context).forEachStrip(context) { strip, part in
            let sums = AlignedStorage(count: height * lanes)
            for (index, block) in strip.outputs.enumerated() {
                let step = strip.outputs.count * lanes
                // SAFETY: the sums have 16 floats a row; positions and entries are those of the strip's planes, of which
                // this block has 16 floats each; the result's block has 16 floats.
                let base = unsafe strip.sum.plane() + index * lanes
                let own = unsafe strip.values.plane() + index * lanes
                unsafe sb_sums_of_rows(base, step, height, width, sums.base)
                unsafe part.pixelsOfImages.withUnsafeBufferPointer { pixels in
                    unsafe part.entriesOfImages.withUnsafeBufferPointer { entries in
                        for (place, image) in part.images.enumerated() {
                            let range = part.firstOfImage[place]..<part.firstOfImage[place + 1]
                            let pixels = unsafe UnsafeBufferPointer(rebasing: pixels[range])
                            let entries = unsafe UnsafeBufferPointer(rebasing: entries[range])
                            unsafe sb_mean_with(
                                base, step, height, width, sums.base, pixels.baseAddress, entries.baseAddress,
                                range.count, own, Float(height * width),
                                result.planes.plane(image: image, block: block))
                        }
                    }
                }
            }
        }
        withExtendedLifetime(result) {}
        tail.finish(result, context)
        return result
    }
}
