public import Imaging

/// The positions of the patch on the network's input.
///
/// Along each axis the patch is centred at ⌊stride / 2⌋, then every `stride` pixels while that is inside the input; at
/// ⌊size / 2⌋ alone where none is. A patch of m pixels centred at i covers i − ⌊m / 2⌋ … i − ⌊m / 2⌋ + m − 1, clipped at
/// the border.
public struct OcclusionGrid: Hashable, Sendable {
    /// The height of the input in pixels.
    public let height: Int
    /// The width of the input in pixels.
    public let width: Int
    /// The side of the patch in pixels.
    public let patch: Int
    /// The distance of neighbouring centres in pixels.
    public let stride: Int
    /// The rows of the centres.
    public let centersY: [Int]
    /// The columns of the centres.
    public let centersX: [Int]

    /// The grid of a patch on an input of that size.
    ///
    /// Throws ``ExplainersError`` where patch or stride is below 1. Both may be larger than the input.
    public init(height: Int, width: Int, patch: Int, stride: Int) throws(ExplainersError) {
        precondition(height >= 1 && width >= 1, "a grid on \(height) × \(width) pixels")
        guard patch >= 1 else { throw .patch(patch) }
        guard stride >= 1 else { throw .stride(stride) }
        self.height = height
        self.width = width
        self.patch = patch
        self.stride = stride
        centersY = Self.centers(size: height, stride: stride)
        centersX = Self.centers(size: width, stride: stride)
    }

    /// The number of rows of positions.
    public var rows: Int { centersY.count }

    /// The number of columns of positions.
    public var columns: Int { centersX.count }

    /// The number of positions.
    public var count: Int { rows * columns }

    /// How many pixels of the input no patch covers: behind the last, or between patches that do not touch.
    public var uncovered: Int {
        height * width - Self.covered(centersY, patch, size: height) * Self.covered(centersX, patch, size: width)
    }

    /// The pixels that the patch covers at a position; empty where it lies wholly outside.
    public func rectangle(row: Int, column: Int) -> PixelRectangle {
        let rows = Self.span(centersY[row], patch, size: height)
        let columns = Self.span(centersX[column], patch, size: width)
        return PixelRectangle(
            y0: rows.lowerBound, x0: columns.lowerBound, y1: rows.upperBound, x1: columns.upperBound)
    }

    /// The rows that the patch covers in each row of positions.
    var rowSpans: [Range<Int>] { centersY.map { Self.span($0, patch, size: height) } }

    /// The columns that the patch covers in each column of positions.
    var columnSpans: [Range<Int>] { centersX.map { Self.span($0, patch, size: width) } }

    private static func centers(size: Int, stride: Int) -> [Int] {
        let first = stride / 2
        return first < size ? Array(Swift.stride(from: first, to: size, by: stride)) : [size / 2]
    }

    /// The clipped pixels of a patch along one axis.
    ///
    /// The order of the sums keeps the largest patch from overflowing.
    private static func span(_ center: Int, _ patch: Int, size: Int) -> Range<Int> {
        let first = center - patch / 2
        return max(0, first)..<min(size, first + patch)
    }

    private static func covered(_ centers: [Int], _ patch: Int, size: Int) -> Int {
        var end = 0
        var count = 0
        for center in centers {
            let span = span(center, patch, size: size)
            count += max(0, span.upperBound - max(end, span.lowerBound))
            end = max(end, span.upperBound)
        }
        return count
    }
}
