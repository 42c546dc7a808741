import CKernels

extension BlockedMaps {
    /// A copy in which some channels are exactly 0 in every image.
    public func zeroing(channels removed: [Int]) -> BlockedMaps {
        let result = copied()
        for image in 0..<images {
            for channel in removed { result.setZero(image: image, channel: channel) }
        }
        return result
    }

    /// A copy in which some channels of one image are exactly 0.
    public func zeroing(image: Int, channels removed: [Int]) -> BlockedMaps {
        let result = copied()
        for channel in removed { result.setZero(image: image, channel: channel) }
        return result
    }

    /// One image in which all but some channels are 0.
    public func keeping(image: Int, channels kept: [Int]) -> BlockedMaps {
        let result = BlockedMaps(images: 1, channels: channels, height: height, width: width)
        for channel in kept {
            checkIndex(image: image, channel: channel)
            let (block, lane) = (channel / BlockedMaps.lanes, channel % BlockedMaps.lanes)
            // SAFETY: both planes hold pixels · 16 floats; the result was made here and nobody else has it yet.
            unsafe sb_copy_lanes(
                planes.plane(image: image, block: block), lane, result.planes.plane(block: block), lane, 1,
                planes.pixels)
        }
        withExtendedLifetime(planes) {}
        return result
    }

    /// The images of several maps of one shape, one after the other.
    public static func stacked(_ maps: [BlockedMaps]) -> BlockedMaps {
        guard let first = maps.first else { preconditionFailure("no maps to stack") }
        let result = BlockedMaps(
            images: maps.reduce(0) { $0 + $1.images }, channels: first.channels, height: first.height,
            width: first.width)
        var image = 0
        for part in maps {
            precondition(
                part.hasShape(part.images, first.channels, first.height, first.width),
                "maps of \(part.shapeText) on top of \(first.shapeText)")
            part.copy(to: result.view(images: image..<image + part.images))
            image += part.images
        }
        return result
    }

    /// The signal of one unit: one image, 0 but for one position of one channel.
    public static func unit(
        channels: Int, height: Int, width: Int, channel: Int, y: Int, x: Int, value: Float
    ) -> BlockedMaps {
        let result = BlockedMaps(images: 1, channels: channels, height: height, width: width)
        result.checkIndex(image: 0, channel: channel)
        precondition(y >= 0 && y < height && x >= 0 && x < width, "position (\(y), \(x)) of \(result.shapeText)")
        // SAFETY: position and lane are within the plane; the result was made here and nobody else has it yet.
        let plane = unsafe result.planes.plane(block: channel / BlockedMaps.lanes)
        unsafe plane[(y * width + x) * BlockedMaps.lanes + channel % BlockedMaps.lanes] = value
        return result
    }

    private func copied() -> BlockedMaps {
        let result = BlockedMaps(
            planes: MapPlanes(
                images: images, channels: channels, height: height, width: width, lanes: BlockedMaps.lanes,
                from: planes.storage.pool))
        copy(to: result)
        return result
    }

    /// Copies all values to maps of the same shape that nobody reads yet.
    func copy(to other: BlockedMaps) {
        for image in 0..<images {
            // SAFETY: both have imageFloats floats an image, which lie together; the destination is not read elsewhere.
            unsafe other.planes.plane(image: image)
                .update(from: planes.plane(image: image), count: planes.imageFloats)
        }
        withExtendedLifetime((planes, other.planes)) {}
    }

    /// Clears a channel of maps that were made in this file.
    private func setZero(image: Int, channel: Int) {
        checkIndex(image: image, channel: channel)
        let lane = channel % BlockedMaps.lanes
        // SAFETY: the plane holds pixels · 16 floats.
        unsafe sb_set_lanes(
            planes.plane(image: image, block: channel / BlockedMaps.lanes), lane, lane + 1, planes.pixels, 0)
        withExtendedLifetime(planes) {}
    }
}
