import CKernels
import Concurrency

/// Where a crop begins: a row and a column of the map, negative in the padding before it.
public struct MapCorner: Hashable, Sendable {
    /// The row.
    public var row: Int
    /// The column.
    public var column: Int

    /// A corner at these.
    public init(row: Int, column: Int) {
        self.row = row
        self.column = column
    }
}

/// Parts of the maps of some images: one crop an image, all of one size, each with a place of its own in the map.
///
/// Kernels compute rectangles of outputs in them, given in positions of the map, with the bits that the whole maps have
/// there. Like ``BlockedMaps`` this is a handle; who shares one takes care not to read what is not written yet. What has
/// not been computed or filled in has whatever contents.
public struct MapCrops: Sendable {
    let planes: MapPlanes
    /// Where each image's crop begins.
    public let corners: [MapCorner]

    init(planes: MapPlanes, corners: [MapCorner]) {
        self.planes = planes
        self.corners = corners
    }

    /// Crops with those corners, for kernels to fill, in a buffer of the pool.
    public init(corners: [MapCorner], channels: Int, height: Int, width: Int, from buffers: BufferPool) {
        self.init(
            planes: MapPlanes(
                images: corners.count, channels: channels, height: height, width: width, lanes: BlockedMaps.lanes,
                from: buffers),
            corners: corners)
    }

    /// The same for parts of an input whose few channels lie side by side.
    public init(corners: [MapCorner], of input: InputMaps, height: Int, width: Int, from buffers: BufferPool) {
        self.init(
            planes: MapPlanes(
                images: corners.count, channels: input.channels, height: height, width: width, lanes: input.channels,
                from: buffers),
            corners: corners)
    }

    /// The number of images.
    public var images: Int { planes.images }
    /// The number of channels.
    public var channels: Int { planes.channels }
    /// Rows of a crop.
    public var height: Int { planes.height }
    /// Columns of a crop.
    public var width: Int { planes.width }
    /// Blocks of 16 channels.
    public var blocks: Int { planes.blocks }

    /// The crops of some of the channels, without a copy: whole blocks, as of ``BlockedMaps``.
    public func view(channels range: Range<Int>) -> MapCrops {
        MapCrops(planes: planes.view(channels: range), corners: corners)
    }

    /// What an image's crop covers of its map and of the padding around it.
    public func area(of image: Int) -> MapRectangle {
        let corner = corners[image]
        return MapRectangle(
            rows: corner.row..<corner.row + height, columns: corner.column..<corner.column + width)
    }

    /// Floats from the beginning of an image's plane to a rectangle's first position.
    func offset(of rectangle: MapRectangle, image: Int) -> Int {
        let corner = corners[image]
        return ((rectangle.rows.lowerBound - corner.row) * width + rectangle.columns.lowerBound - corner.column)
            * planes.lanes
    }

    /// The first position of a rectangle in one block of one image; rows are ``rowFloats`` apart.
    ///
    /// Precondition: the crop covers the rectangle, which is not empty.
    func pointer(_ rectangle: MapRectangle, image: Int, block: Int) -> UnsafeMutablePointer<Float> {
        precondition(
            !rectangle.isEmpty && area(of: image).contains(rectangle),
            "\(rectangle) of image \(image) in a crop of \(area(of: image))")
        // SAFETY: plane() checks the indices, and the rectangle was found within the plane.
        return unsafe planes.plane(image: image, block: block) + offset(of: rectangle, image: image)
    }

    /// Floats from one row of a crop to the next.
    var rowFloats: Int { width * planes.lanes }

    /// Runs `body(image, block)` for each block of each image whose rectangle is not empty.
    func forEachBlock(
        _ rectangles: [MapRectangle], _ context: KernelContext, _ body: @Sendable (Int, Int) -> Void
    ) {
        precondition(rectangles.count == images, "\(rectangles.count) rectangles for \(images) images")
        let blocks = self.blocks
        context.team.forEach(images * blocks) { part in
            let (image, block) = (part / blocks, part % blocks)
            if !rectangles[image].isEmpty { body(image, block) }
        }
        withExtendedLifetime(self) {}
    }
}
