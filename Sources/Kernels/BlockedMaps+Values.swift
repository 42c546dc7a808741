import CKernels

/// A position of a feature map and the value there.
public struct MapPosition: Hashable, Sendable {
    /// The value at the position.
    public let value: Float
    /// The row.
    public let y: Int
    /// The column.
    public let x: Int

    /// A value at a position.
    public init(value: Float, y: Int, x: Int) {
        self.value = value
        self.y = y
        self.x = x
    }
}

extension BlockedMaps {
    /// The value at one position of one map.
    public func value(image: Int, channel: Int, y: Int, x: Int) -> Float {
        checkIndex(image: image, channel: channel)
        precondition(y >= 0 && y < height && x >= 0 && x < width, "position (\(y), \(x)) of \(shapeText)")
        defer { withExtendedLifetime(planes) {} }
        // SAFETY: the position is within the map, and the channel's lane within its plane.
        return unsafe planes.plane(image: image, block: channel / BlockedMaps.lanes)[
            (y * width + x) * BlockedMaps.lanes + channel % BlockedMaps.lanes]
    }

    /// The greatest value of a map and where it is; the first in row-major order on a tie.
    ///
    /// NaN never wins.
    public func maximum(image: Int, channel: Int) -> MapPosition {
        checkIndex(image: image, channel: channel)
        let lanes = BlockedMaps.lanes
        defer { withExtendedLifetime(planes) {} }
        // SAFETY: pixel · 16 + lane is within the plane for every pixel of the map.
        let plane = unsafe planes.plane(image: image, block: channel / lanes) + channel % lanes
        var best = unsafe plane[0]
        var place = 0
        for pixel in 1..<max(1, planes.pixels) {
            let value = unsafe plane[pixel * lanes]
            if value > best || (best.isNaN && !value.isNaN) { (best, place) = (value, pixel) }
        }
        return MapPosition(value: best, y: place / width, x: place % width)
    }

    /// The sum of a map: of each row from left to right, then of the rows' sums, as in global average pooling.
    public func sum(image: Int, channel: Int) -> Float {
        checkIndex(image: image, channel: channel)
        let lanes = BlockedMaps.lanes
        defer { withExtendedLifetime(planes) {} }
        // SAFETY: pixel · 16 + lane is within the plane for every pixel of the map.
        let plane = unsafe planes.plane(image: image, block: channel / lanes) + channel % lanes
        var total: Float = 0
        for y in 0..<height {
            var row: Float = 0
            for x in 0..<width { row += unsafe plane[(y * width + x) * lanes] }
            total += row
        }
        return total
    }

    /// The channel with the greatest maximum; the lower one on a tie.
    public func strongestChannel(image: Int) -> Int {
        var best = 0
        var value = maximum(image: image, channel: 0).value
        for channel in 1..<max(1, channels) {
            let other = maximum(image: image, channel: channel).value
            if other > value || (value.isNaN && !other.isNaN) { (best, value) = (channel, other) }
        }
        return best
    }

    /// Whether any value is NaN.
    public func containsNaN() -> Bool {
        defer { withExtendedLifetime(planes) {} }
        // SAFETY: an image's blocks lie together, imageFloats floats.
        return (0..<images).contains { image in
            unsafe sb_has_nan(planes.plane(image: image), planes.imageFloats)
        }
    }

    /// For each channel of an image whether all its values are 0, of either sign.
    public func silentChannels(image: Int) -> [Bool] {
        var isSilent = Array(repeating: true, count: channels)
        defer { withExtendedLifetime(planes) {} }
        for block in 0..<blocks {
            let first = block * BlockedMaps.lanes
            // SAFETY: the plane has pixels · 16 floats.
            let values = unsafe planes.plane(image: image, block: block)
            for pixel in 0..<planes.pixels {
                for channel in first..<min(channels, first + BlockedMaps.lanes)
                where unsafe values[pixel * BlockedMaps.lanes + channel - first] != 0 {
                    isSilent[channel] = false
                }
            }
        }
        return isSilent
    }

    /// Whether the other maps have the same shape and the same bits in every value.
    public func isIdentical(to other: BlockedMaps) -> Bool {
        guard hasShape(of: other) else { return false }
        defer { withExtendedLifetime((planes, other.planes)) {} }
        // SAFETY: both have imageFloats floats an image, which lie together.
        return (0..<images).allSatisfy { image in
            unsafe sb_same_bits(
                planes.plane(image: image), other.planes.plane(image: image), planes.imageFloats)
        }
    }

    func checkIndex(image: Int, channel: Int) {
        precondition(
            image >= 0 && image < images && channel >= 0 && channel < channels,
            "channel \(channel) of image \(image) in \(shapeText)")
    }
}
