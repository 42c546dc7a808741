import Kernels
import TestSupport
import Tensors

/// Some rectangles of outputs, computed from crops that hold nothing but what is needed for them.
struct CropTrial {
    /// One rectangle of the whole result an image; one of them is empty.
    let rectangles: [MapRectangle]
    /// What each looks at.
    let spans: [MapRectangle]
    private let source: BlockedMaps
    private let whole: BlockedMaps

    /// Rectangles drawn at random, the same in every run, and the whole result.
    init(_ source: BlockedMaps, to whole: BlockedMaps, seed: UInt64, span: (MapRectangle) -> MapRectangle) {
        var random = SplitMix64(seed: seed)
        func part(_ size: Int) -> Range<Int> {
            let start = Int.random(in: 0..<size, using: &random)
            return start..<Int.random(in: start..<size, using: &random) + 1
        }
        var rectangles = (0..<6).map { _ in MapRectangle(rows: part(whole.height), columns: part(whole.width)) }
        rectangles.insert(.empty, at: 2)
        rectangles.append(whole.whole)
        self.rectangles = rectangles
        spans = rectangles.map { $0.isEmpty ? .empty : span($0) }
        (self.source, self.whole) = (source, whole)
    }

    /// The crops that these rectangles need.
    func extent(of needs: [MapRectangle]) -> (corners: [MapCorner], height: Int, width: Int) {
        (
            needs.map { MapCorner(row: $0.rows.lowerBound, column: $0.columns.lowerBound) },
            max(1, needs.map(\.rows.count).max() ?? 1), max(1, needs.map(\.columns.count).max() ?? 1)
        )
    }

    /// Crops of maps of the source's size with what the rectangles look at, and NaN elsewhere.
    func crops(of maps: BlockedMaps, _ context: KernelContext) -> MapCrops {
        let extent = extent(of: spans)
        let crops = MapCrops(
            corners: extent.corners, channels: maps.channels, height: extent.height, width: extent.width,
            from: context.buffers)
        crops.spoil()
        crops.fill(spans, but: spans.map { _ in .empty }, from: maps, context)
        return crops
    }

    /// Crops for the results, with a margin, all NaN.
    func emptyResult(_ context: KernelContext) -> MapCrops {
        let extent = extent(of: rectangles)
        let crops = MapCrops(
            corners: extent.corners.map { MapCorner(row: $0.row - 1, column: $0.column - 2) }, channels: whole.channels,
            height: extent.height + 2, width: extent.width + 3, from: context.buffers)
        crops.spoil()
        return crops
    }

    func run(_ context: KernelContext, _ compute: (MapCrops, MapCrops) -> Void) -> MapCrops {
        let result = emptyResult(context)
        compute(crops(of: source, context), result)
        return result
    }

    /// Nil if the rectangles have the bits of the whole and all else is NaN still.
    func difference(_ result: MapCrops) -> String? {
        let areas = (0..<result.images).map { image in
            MapRectangle(
                rows: result.area(of: image).rows.clamped(to: 0..<whole.height),
                columns: result.area(of: image).columns.clamped(to: 0..<whole.width))
        }
        let maps = BlockedMaps(
            images: result.images, channels: whole.channels, height: whole.height, width: whole.width)
        result.inserted(areas, into: whole, result: maps, best)
        let (found, expected) = (maps.tensor(), whole.tensor())
        for (image, rectangle) in rectangles.enumerated() {
            for channel in 0..<whole.channels {
                for row in areas[image].rows {
                    for column in areas[image].columns {
                        let value = found[image, channel, row, column]
                        let isInside = rectangle.rows.contains(row) && rectangle.columns.contains(column)
                        let isRight =
                            isInside
                            ? value.bitPattern == expected[0, channel, row, column].bitPattern : value.isNaN
                        if !isRight { return "\(value) at \((image, channel, row, column)) of \(rectangle)" }
                    }
                }
            }
        }
        return nil
    }
}

extension MapCrops {
    /// Makes everything NaN.
    func spoil() {
        let areas = (0..<images).map(area)
        set(areas, to: areas.map { _ in [Float](repeating: .nan, count: channels) })
    }
}
