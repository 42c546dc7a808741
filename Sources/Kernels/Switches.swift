import CKernels
import Tensors

/// Where each maximum of a max pooling came from, laid out like the pooled maps.
///
/// A switch is the flat row-major position y · inputWidth + x in the map that was pooled. All of them are within that
/// map, which is checked when they are made.
public struct Switches: Sendable {
    /// The number of images.
    public let images: Int
    /// The number of channels.
    public let channels: Int
    /// Rows of a pooled map.
    public let height: Int
    /// Columns of a pooled map.
    public let width: Int
    /// Rows of a map before pooling.
    public let inputHeight: Int
    /// Columns of a map before pooling.
    public let inputWidth: Int

    /// 32-bit integers in a buffer for floats, which has the same room.
    let planes: MapPlanes

    init(planes: MapPlanes, inputHeight: Int, inputWidth: Int) {
        images = planes.images
        channels = planes.channels
        height = planes.height
        width = planes.width
        self.inputHeight = inputHeight
        self.inputWidth = inputWidth
        self.planes = planes
    }

    /// The position in the map before pooling that a pooled value came from.
    public func position(image: Int, channel: Int, y: Int, x: Int) -> (y: Int, x: Int) {
        precondition(
            image >= 0 && image < images && channel >= 0 && channel < channels && y >= 0 && y < height && x >= 0
                && x < width,
            "switch (\(image), \(channel), \(y), \(x)) of [\(images), \(channels), \(height), \(width)]")
        let lanes = BlockedMaps.lanes
        // SAFETY: the position is within the plane, and the channel's lane within its block.
        let position = unsafe withPlane(image: image, block: channel / lanes) { plane in
            unsafe Int(plane[(y * width + x) * lanes + channel % lanes])
        }
        return (position / inputWidth, position % inputWidth)
    }

    /// The switches of some of the images, without a copy.
    public func view(images range: Range<Int>) -> Switches {
        Switches(planes: planes.view(images: range), inputHeight: inputHeight, inputWidth: inputWidth)
    }

    /// The switches of the one image that these are for, `images` times, without a copy.
    public func repeated(images: Int) -> Switches {
        Switches(planes: planes.repeated(images: images), inputHeight: inputHeight, inputWidth: inputWidth)
    }

    /// Hands the switches of one block of one image to `body`: height · width · 16 of them.
    func withPlane<Result>(
        image: Int, block: Int, _ body: (UnsafeMutablePointer<Int32>) throws -> Result
    ) rethrows -> Result {
        defer { withExtendedLifetime(planes) {} }
        // SAFETY: plane() checks the indices; Float and Int32 have the same size and alignment, and nobody sees this
        // memory as floats.
        return try unsafe planes.plane(image: image, block: block)
            .withMemoryRebound(to: Int32.self, capacity: planes.planeFloats, body)
    }
}
