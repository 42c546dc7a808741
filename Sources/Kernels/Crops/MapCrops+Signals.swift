import CKernels
import Concurrency
public import Tensors

extension MapCrops {
    /// Whole maps as crops: without a copy, each at the first row and column.
    public init(whole maps: BlockedMaps) {
        self.init(planes: maps.planes, corners: Array(repeating: MapCorner(row: 0, column: 0), count: maps.images))
    }

    /// Maps as the contents of rectangles of their size, one an image, without a copy.
    public init(_ maps: BlockedMaps, at rectangles: [MapRectangle]) {
        precondition(
            rectangles.count == maps.images
                && rectangles.allSatisfy { $0.rows.count == maps.height && $0.columns.count == maps.width },
            "\(maps.shapeText) in rectangles of another size")
        self.init(
            planes: maps.planes,
            corners: rectangles.map { MapCorner(row: $0.rows.lowerBound, column: $0.columns.lowerBound) })
    }

    /// New crops that hold these rectangles and nothing more, for kernels to fill, in a buffer of the pool.
    public init(holding rectangles: [MapRectangle], channels: Int, from buffers: BufferPool) {
        self.init(
            corners: rectangles.map { MapCorner(row: $0.rows.lowerBound, column: $0.columns.lowerBound) },
            channels: channels, height: max(1, rectangles.map(\.rows.count).max() ?? 1),
            width: max(1, rectangles.map(\.columns.count).max() ?? 1), from: buffers)
    }

    /// The same with all channels side by side, fewer than 16.
    init(holding rectangles: [MapRectangle], fewChannels channels: Int, from buffers: BufferPool) {
        self.init(
            planes: MapPlanes(
                images: rectangles.count, channels: channels, height: max(1, rectangles.map(\.rows.count).max() ?? 1),
                width: max(1, rectangles.map(\.columns.count).max() ?? 1), lanes: channels, from: buffers),
            corners: rectangles.map { MapCorner(row: $0.rows.lowerBound, column: $0.columns.lowerBound) })
    }

    /// One image's maps of that size, [C, height, width], with what the crop holds in a rectangle, and zeros elsewhere.
    public func tensor(image: Int, _ rectangle: MapRectangle, height: Int, width: Int) -> Tensor {
        precondition(
            MapRectangle(rows: 0..<height, columns: 0..<width).contains(rectangle),
            "\(rectangle) of maps of \(height)×\(width)")
        let lanes = planes.lanes
        defer { withExtendedLifetime(planes) {} }
        // SAFETY: pointer() has checked that the crop holds the rectangle, which lies within the tensor's maps; a block
        // has as many channels there as are left.
        return unsafe Tensor(shape: [channels, height, width]) { values in
            guard let base = values.baseAddress, !rectangle.isEmpty else { return }
            for block in 0..<blocks {
                let source = unsafe pointer(rectangle, image: image, block: block)
                let first = block * lanes
                for row in 0..<rectangle.rows.count {
                    let place = (first * height + rectangle.rows.lowerBound + row) * width
                    unsafe sb_deinterleave(
                        source + row * rowFloats, lanes, min(lanes, channels - first), rectangle.columns.count,
                        base + place + rectangle.columns.lowerBound, height * width)
                }
            }
        }
    }

    /// The crops of some of the images, without a copy.
    public func view(images range: Range<Int>) -> MapCrops {
        MapCrops(planes: planes.view(images: range), corners: Array(corners[range]))
    }

    /// What the crops hold in a rectangle of each image, with zeros around it, copied: new crops that hold `wanted`.
    ///
    /// A wanted rectangle contains the other; it may reach into the padding.
    public func padded(_ rectangles: [MapRectangle], to wanted: [MapRectangle], _ context: KernelContext) -> MapCrops {
        precondition(
            rectangles.count == images && wanted.count == images, "\(wanted.count) rectangles for \(images) images")
        let result = MapCrops(holding: wanted, channels: channels, from: context.buffers)
        result.forEachBlock(wanted, context) { image, block in
            let (inner, outer) = (rectangles[image], wanted[image])
            precondition(outer.contains(inner), "\(inner) with zeros around it up to \(outer)")
            // SAFETY: pointer() has checked that the crops hold the rectangles; rows and columns stay within them.
            let target = unsafe result.pointer(outer, image: image, block: block)
            let floats = outer.columns.count * BlockedMaps.lanes
            if inner.isEmpty {
                for row in 0..<outer.rows.count {
                    unsafe (target + row * result.rowFloats).update(repeating: 0, count: floats)
                }
                return
            }
            let source = unsafe pointer(inner, image: image, block: block)
            let left = (inner.columns.lowerBound - outer.columns.lowerBound) * BlockedMaps.lanes
            let length = inner.columns.count * BlockedMaps.lanes
            for (index, row) in outer.rows.enumerated() {
                let to = unsafe target + index * result.rowFloats
                guard inner.rows.contains(row) else {
                    unsafe to.update(repeating: 0, count: floats)
                    continue
                }
                unsafe to.update(repeating: 0, count: left)
                unsafe (to + left).update(
                    from: source + (row - inner.rows.lowerBound) * rowFloats, count: length)
                unsafe (to + left + length).update(repeating: 0, count: floats - left - length)
            }
        }
        withExtendedLifetime((self, result)) {}
        return result
    }

    /// Whole maps of that size with what the crops hold in a rectangle of each image, and zeros elsewhere.
    public func maps(
        _ rectangles: [MapRectangle], height: Int, width: Int, _ context: KernelContext
    ) -> BlockedMaps {
        let whole = MapRectangle(rows: 0..<height, columns: 0..<width)
        let isWhole =
            self.height == height && self.width == width && rectangles.allSatisfy { $0 == whole }
            && corners.allSatisfy { $0 == MapCorner(row: 0, column: 0) }
        if isWhole { return BlockedMaps(planes: planes) }
        return BlockedMaps(planes: padded(rectangles, to: rectangles.map { _ in whole }, context).planes)
    }
}

extension Elementwise {
    /// The sum of signals that are zero outside a rectangle of each image, over the smallest rectangles that hold both.
    public static func add(
        _ a: MapCrops, _ first: [MapRectangle], _ b: MapCrops, _ second: [MapRectangle], _ context: KernelContext
    ) -> (sum: MapCrops, rectangles: [MapRectangle]) {
        let rectangles = zip(first, second).map { $0.union($1) }
        let sum = a.padded(first, to: rectangles, context)
        let other = first == second ? b : b.padded(second, to: rectangles, context)
        add(sum, other, activation: .identity, at: rectangles, into: sum, context)
        return (sum, rectangles)
    }
}
