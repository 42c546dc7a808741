/// Feature maps in the layout that kernels compute in: [images][blocks of 16 channels][height][width][16 lanes].
///
/// Lanes past the last channel are zero. This is a handle: copies share their values, and a view is a part of other
/// maps. A kernel writes into maps that nobody reads yet; from then on they are immutable.
public struct BlockedMaps: Sendable {
    /// Channels in a block.
    public static let lanes = 16

    let planes: MapPlanes

    init(planes: MapPlanes) {
        self.planes = planes
    }

    /// Maps of zeros.
    public init(images: Int, channels: Int, height: Int, width: Int) {
        planes = MapPlanes(
            images: images, channels: channels, height: height, width: width, lanes: BlockedMaps.lanes, from: nil)
    }

    /// Maps for a kernel to fill, in a buffer of the pool with whatever contents.
    public init(images: Int, channels: Int, height: Int, width: Int, from buffers: BufferPool) {
        planes = MapPlanes(
            images: images, channels: channels, height: height, width: width, lanes: BlockedMaps.lanes, from: buffers)
    }

    /// The number of images.
    public var images: Int { planes.images }
    /// The number of channels, that is of feature maps of each image.
    public var channels: Int { planes.channels }
    /// Rows of a map.
    public var height: Int { planes.height }
    /// Columns of a map.
    public var width: Int { planes.width }
    /// Blocks of 16 channels, the last one partly used where the channels are no multiple of 16.
    public var blocks: Int { planes.blocks }

    /// The maps of some of the images, without a copy.
    public func view(images range: Range<Int>) -> BlockedMaps {
        BlockedMaps(planes: planes.view(images: range))
    }

    /// The maps of some of the channels, without a copy: whole blocks, that is from a multiple of 16 to a multiple of 16
    /// or the last channel.
    public func view(channels range: Range<Int>) -> BlockedMaps {
        BlockedMaps(planes: planes.view(channels: range))
    }

    /// The one image that these maps hold, `images` times, without a copy.
    ///
    /// Such maps can be read only.
    public func repeated(images: Int) -> BlockedMaps {
        BlockedMaps(planes: planes.repeated(images: images))
    }

    /// `destination`, after a check that a kernel may write maps of this shape into it, or else new maps.
    static func result(
        _ destination: BlockedMaps?, images: Int, channels: Int, height: Int, width: Int, _ context: KernelContext
    ) -> BlockedMaps {
        guard let destination else {
            return BlockedMaps(images: images, channels: channels, height: height, width: width, from: context.buffers)
        }
        precondition(
            destination.hasShape(images, channels, height, width),
            "a result of shape [\(images), \(channels), \(height), \(width)] cannot go into \(destination.shapeText)")
        precondition(
            images <= 1 || destination.planes.imageStep > 0, "a result cannot go into maps that stand for several")
        return destination
    }

    /// New maps of the same shape for a kernel to fill.
    func another(_ context: KernelContext) -> BlockedMaps {
        BlockedMaps(images: images, channels: channels, height: height, width: width, from: context.buffers)
    }

    func hasShape(_ images: Int, _ channels: Int, _ height: Int, _ width: Int) -> Bool {
        self.images == images && self.channels == channels && self.height == height && self.width == width
    }

    func hasShape(of other: BlockedMaps) -> Bool {
        hasShape(other.images, other.channels, other.height, other.width)
    }

    var shapeText: String { "[\(images), \(channels), \(height), \(width)]" }
}
