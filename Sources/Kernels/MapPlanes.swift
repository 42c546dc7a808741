import Tensors

/// Where the values of maps lie: [images][blocks][height][width][lanes], possibly as a part of larger maps.
@safe
struct MapPlanes: Sendable {
    let storage: MapStorage
    /// The first value, counted in floats from the storage's beginning.
    let offset: Int
    let images: Int
    let channels: Int
    let height: Int
    let width: Int
    /// Channels that lie together at each position: 16, or all channels of an unblocked input.
    let lanes: Int
    /// Floats from one image to the next; 0 where all images are the same one.
    let imageStep: Int

    init(storage: MapStorage, offset: Int, images: Int, channels: Int, height: Int, width: Int, lanes: Int, step: Int) {
        precondition(
            images >= 0 && channels >= 1 && height >= 1 && width >= 1,
            "maps of shape [\(images), \(channels), \(height), \(width)]")
        self.storage = storage
        self.offset = offset
        self.images = images
        self.channels = channels
        self.height = height
        self.width = width
        self.lanes = lanes
        imageStep = step
        let end = images == 0 ? offset : offset + (images - 1) * step + imageFloats
        precondition(
            offset >= 0 && step >= 0 && end <= storage.floats.count,
            "maps up to float \(end) in storage of \(storage.floats.count)")
    }

    /// Room of its own, from a pool with whatever contents, or else zero.
    init(images: Int, channels: Int, height: Int, width: Int, lanes: Int, from pool: BufferPool?) {
        precondition(
            images >= 0 && channels >= 1 && height >= 1 && width >= 1,
            "maps of shape [\(images), \(channels), \(height), \(width)]")
        let blocks = (channels + lanes - 1) / lanes
        let step = blocks * height * width * lanes
        self.init(
            storage: MapStorage(count: images * step, from: pool), offset: 0, images: images, channels: channels,
            height: height, width: width, lanes: lanes, step: step)
    }

    var blocks: Int { (channels + lanes - 1) / lanes }
    /// Positions of a map.
    var pixels: Int { height * width }
    /// Floats of one block of one image.
    var planeFloats: Int { height * width * lanes }
    /// Floats of one image's blocks, which lie together.
    var imageFloats: Int { blocks * planeFloats }

    /// One block of one image: `planeFloats` floats, and the blocks behind it follow.
    ///
    /// The pointer is valid as long as the storage is alive.
    func plane(image: Int = 0, block: Int = 0) -> UnsafeMutablePointer<Float> {
        precondition(
            image >= 0 && image < max(1, images) && block >= 0 && block < blocks,
            "block \(block) of image \(image) in \(blocks) blocks of \(images) images")
        // SAFETY: init has checked that every image's blocks lie within the storage, and the indices are in range.
        return unsafe storage.floats.base + (offset + image * imageStep + block * planeFloats)
    }

    func view(images range: Range<Int>) -> MapPlanes {
        precondition(range.lowerBound >= 0 && range.upperBound <= images, "images \(range) of \(images)")
        return MapPlanes(
            storage: storage, offset: offset + range.lowerBound * imageStep, images: range.count, channels: channels,
            height: height, width: width, lanes: lanes, step: imageStep)
    }

    func view(channels range: Range<Int>) -> MapPlanes {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= channels && !range.isEmpty
                && range.lowerBound.isMultiple(of: lanes)
                && (range.upperBound.isMultiple(of: lanes) || range.upperBound == channels),
            "channels \(range) of \(channels) are no whole blocks")
        return MapPlanes(
            storage: storage, offset: offset + range.lowerBound / lanes * planeFloats, images: images,
            channels: range.count, height: height, width: width, lanes: lanes, step: imageStep)
    }

    func repeated(images count: Int) -> MapPlanes {
        precondition(images == 1, "only maps of one image can stand for several, not of \(images)")
        return MapPlanes(
            storage: storage, offset: offset, images: count, channels: channels, height: height, width: width,
            lanes: lanes, step: 0)
    }
}
