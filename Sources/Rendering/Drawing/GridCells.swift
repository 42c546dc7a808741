package import Explainers

/// Which value of an occlusion sweep stands for which pixel: that of the nearest patch centre.
package struct GridCells: Sendable {
    /// The grid row of each row of the canvas, and the grid column of each of its columns.
    package let rows: [Int]
    package let columns: [Int]

    /// The cells of `grid` on a canvas that shows the network's whole input.
    package init(_ grid: OcclusionGrid, width: Int, height: Int) {
        rows = GridCells.nearest(grid.centersY, stride: grid.stride, size: grid.height, pixels: height)
        columns = GridCells.nearest(grid.centersX, stride: grid.stride, size: grid.width, pixels: width)
    }

    /// Centres are a stride apart, so a cell reaches half a stride to either side; what lies behind the last cell
    /// belongs to the last centre.
    private static func nearest(_ centers: [Int], stride: Int, size: Int, pixels: Int) -> [Int] {
        (0..<pixels).map { pixel in
            let position = pixel * size / pixels
            return min(centers.count - 1, max(0, position / stride))
        }
    }
}
