import Imaging
import Models
import Networks
import Tensors

extension DeconvNetExplainer: DurableExplainer {
    /// A partial result as bytes: of each projection its scale, and the rectangle outside of which every bit is 0.
    public func encoded(_ partial: Partial) -> [UInt8] {
        var writer = PartialWriter()
        for projection in partial.projections {
            let crop = ProjectionCrop(around: projection.values)
            writer.write(projection.scale)
            for edge in [crop.rectangle.y0, crop.rectangle.x0, crop.rectangle.y1, crop.rectangle.x1] {
                writer.write(edge)
            }
            writer.write(crop.values)
        }
        return writer.bytes
    }

    /// The partial result of `shard` that these bytes were made of; what else is known of a projection comes from the
    /// groundwork.
    public func decoded(
        _ bytes: [UInt8], of shard: Shard, from groundwork: Groundwork
    ) throws(ExplainersError) -> Partial {
        var reader = PartialReader(bytes)
        var projections: [Projection] = []
        for item in shard.items {
            guard groundwork.sources.indices.contains(item) else {
                throw .malformedPartial("there is no projection \(item)")
            }
            let scale = try reader.float()
            let values = try ProjectionCrop(&reader, shape: model.network.inputShape).whole
            projections.append(projector.described(groundwork.sources[item], values: values, scale: scale))
        }
        try reader.finish()
        return Partial(shard: shard, projections: projections)
    }

    /// Projections that are zero.
    public func placeholder(for shard: Shard, from groundwork: Groundwork) -> Partial? {
        let zero = Tensor(shape: model.network.inputShape)
        return Partial(
            shard: shard,
            projections: shard.items.map { projector.described(groundwork.sources[$0], values: zero, scale: 0) })
    }
}

/// The part of a projection that has a bit set somewhere.
private struct ProjectionCrop {
    let shape: Shape
    let rectangle: PixelRectangle
    /// The values in the rectangle, [channels, rows, columns].
    let values: [Float]

    init(around projection: Tensor) {
        shape = projection.shape
        let all = projection.values
        let (height, width) = (shape[1], shape[2])
        var (y0, x0, y1, x1) = (height, width, 0, 0)
        for (index, value) in all.enumerated() where value.bitPattern != 0 {
            let (row, column) = (index / width % height, index % width)
            (y0, x0) = (min(y0, row), min(x0, column))
            (y1, x1) = (max(y1, row + 1), max(x1, column + 1))
        }
        rectangle =
            y1 == 0
            ? PixelRectangle(y0: 0, x0: 0, y1: 0, x1: 0) : PixelRectangle(y0: y0, x0: x0, y1: y1, x1: x1)
        values = Self.rows(rectangle, shape).flatMap { all[$0] }
    }

    init(_ reader: inout PartialReader, shape: Shape) throws(ExplainersError) {
        let (height, width) = (shape[1], shape[2])
        let (y0, x0) = (try reader.integer(in: 0..<height), try reader.integer(in: 0..<width))
        let (y1, x1) = (try reader.integer(in: y0..<height + 1), try reader.integer(in: x0..<width + 1))
        self.shape = shape
        rectangle = PixelRectangle(y0: y0, x0: x0, y1: y1, x1: x1)
        values = try reader.floats(count: shape[0] * rectangle.height * rectangle.width)
    }

    /// The whole projection.
    var whole: Tensor {
        var all = [Float](repeating: 0, count: shape.count)
        for (index, row) in Self.rows(rectangle, shape).enumerated() {
            all.replaceSubrange(row, with: values[index * rectangle.width..<(index + 1) * rectangle.width])
        }
        return Tensor(shape: shape, values: all)
    }

    /// Where the rows of the rectangle stand among all values, channel after channel.
    private static func rows(_ rectangle: PixelRectangle, _ shape: Shape) -> [Range<Int>] {
        (0..<shape[0]).flatMap { channel in
            (rectangle.y0..<rectangle.y1).map { row in
                let start = (channel * shape[1] + row) * shape[2]
                return start + rectangle.x0..<start + rectangle.x1
            }
        }
    }
}
