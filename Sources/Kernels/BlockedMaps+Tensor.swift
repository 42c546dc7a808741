import CKernels
public import Concurrency
public import Tensors

extension BlockedMaps {
    /// The values of a tensor of shape [N, C, H, W], [C, H, W] (one image) or [N, C] (maps of one position), in a buffer
    /// of the pool if one is given.
    public init(_ tensor: Tensor, buffers: BufferPool? = nil) {
        self.init(planes: MapPlanes(tensor, lanes: BlockedMaps.lanes, buffers: buffers))
    }

    /// The values as [N, C, H, W].
    public func tensor() -> Tensor {
        let shape: Shape = [images, channels, height, width]
        // SAFETY: the tensor's buffer has room for all images, each channels · pixels floats.
        return unsafe Tensor(shape: shape) { values in
            guard let base = values.baseAddress else { return }
            for image in 0..<images { unsafe write(image: image, to: base + image * channels * planes.pixels) }
        }
    }

    /// The values of one image as [C, H, W].
    public func tensor(image: Int) -> Tensor {
        precondition(image >= 0 && image < images, "image \(image) of \(images)")
        // SAFETY: the tensor's buffer has room for the image's channels · pixels floats.
        return unsafe Tensor(shape: [channels, height, width]) { values in
            guard let base = values.baseAddress else { return }
            unsafe write(image: image, to: base)
        }
    }

    /// The values as [N, C · H · W], each image flattened in the order of ONNX's Flatten.
    public func rows() -> Tensor {
        tensor().reshaped(to: [images, channels * height * width])
    }

    /// One map as [H, W].
    public func map(image: Int, channel: Int) -> Tensor {
        checkIndex(image: image, channel: channel)
        let lanes = BlockedMaps.lanes
        // SAFETY: the plane's pixels · 16 floats are read at one lane each, and the tensor has one value a pixel.
        return unsafe Tensor(shape: [height, width]) { values in
            let plane = unsafe planes.plane(image: image, block: channel / lanes)
            for pixel in 0..<planes.pixels { unsafe values[pixel] = plane[pixel * lanes + channel % lanes] }
        }
    }

    /// Writes [C, H, W] to where there is room for that many floats.
    private func write(image: Int, to destination: UnsafeMutablePointer<Float>) {
        for block in 0..<blocks {
            let first = block * BlockedMaps.lanes
            let count = min(BlockedMaps.lanes, channels - first)
            // SAFETY: the plane holds pixels · 16 floats; channels first ..< first + count of the destination are
            // within its channels · pixels floats, which the caller provides.
            unsafe sb_deinterleave(
                planes.plane(image: image, block: block), BlockedMaps.lanes, count, planes.pixels,
                destination + first * planes.pixels, planes.pixels)
        }
        withExtendedLifetime(planes) {}
    }
}

/// The network's input with its 1 to 15 channels side by side: [images][height][width][channels].
///
/// Only the first convolution reads it, with the same bits as from ``BlockedMaps``, but without wasted lanes.
public struct InputMaps: Sendable {
    let planes: MapPlanes

    /// The values of a tensor of shape [N, C, H, W] or [C, H, W], with at most 15 channels, in a buffer of the pool if
    /// one is given; the team's threads share the copying.
    public init(_ tensor: Tensor, buffers: BufferPool? = nil, team: ComputeTeam = .single) {
        let channels = tensor.shape.rank == 3 ? tensor.shape[0] : tensor.shape[1]
        precondition(channels < BlockedMaps.lanes, "input maps of \(channels) channels")
        planes = MapPlanes(tensor, lanes: channels, buffers: buffers, team: team)
    }

    private init(planes: MapPlanes) {
        self.planes = planes
    }

    /// The number of images.
    public var images: Int { planes.images }
    /// The number of channels.
    public var channels: Int { planes.channels }
    /// Rows of an image.
    public var height: Int { planes.height }
    /// Columns of an image.
    public var width: Int { planes.width }

    /// Some of the images, without a copy.
    public func view(images range: Range<Int>) -> InputMaps {
        InputMaps(planes: planes.view(images: range))
    }
}

extension MapPlanes {
    /// The values of [N, C, H, W], [C, H, W] or [N, C], `lanes` channels together.
    init(_ tensor: Tensor, lanes: Int, buffers: BufferPool?, team: ComputeTeam = .single) {
        let sizes: [Int]
        switch tensor.shape.rank {
        case 4: sizes = tensor.shape.dimensions
        case 3: sizes = [1] + tensor.shape.dimensions
        case 2: sizes = tensor.shape.dimensions + [1, 1]
        default: preconditionFailure("maps from a tensor of shape \(tensor.shape)")
        }
        self.init(
            images: sizes[0], channels: sizes[1], height: sizes[2], width: sizes[3], lanes: lanes, from: buffers)
        let (planes, blocks) = (self, self.blocks)
        let pieces = team.threads == 1 ? 1 : min(2 * team.threads, planes.pixels / 4_096 + 1)
        // SAFETY: the tensor holds images · channels · pixels floats; each plane written has pixels · lanes, and each part
        // writes pixels of its own.
        team.forEach(images * blocks * pieces) { part in
            let (image, block) = (part / pieces / blocks, part / pieces % blocks)
            let range = DepthwiseConvolution.piece(part % pieces, of: pieces, planes.pixels)
            unsafe tensor.withUnsafeValues { values in
                guard let base = values.baseAddress else { return }
                let first = image * planes.channels + block * lanes
                unsafe sb_interleave(
                    base + first * planes.pixels + range.lowerBound, planes.pixels,
                    min(lanes, planes.channels - block * lanes), range.count,
                    planes.plane(image: image, block: block) + range.lowerBound * lanes, lanes)
            }
        }
        withExtendedLifetime(planes) {}
    }
}
