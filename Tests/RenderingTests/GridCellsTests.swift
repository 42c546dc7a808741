import Explainers
import Rendering
import Testing

@Suite struct GridCellsTests {
    @Test(arguments: [(227, 32, 8), (30, 8, 4), (31, 5, 3), (12, 4, 7), (5, 3, 30), (64, 9, 1)])
    func everyPixelTakesTheValueOfTheNearestCenter(size: Int, patch: Int, stride: Int) throws {
        let grid = try OcclusionGrid(height: size, width: size, patch: patch, stride: stride)
        let cells = GridCells(grid, width: size, height: size)
        #expect(cells.rows.count == size)
        for (pixel, row) in cells.rows.enumerated() {
            let nearest = grid.centersY.map { abs($0 - pixel) }.min()
            #expect(abs(grid.centersY[row] - pixel) == nearest, "pixel \(pixel)")
        }
        #expect(cells.columns == cells.rows)
    }

    @Test func cellsGrowWithThePicture() throws {
        let grid = try OcclusionGrid(height: 30, width: 40, patch: 8, stride: 4)
        let cells = GridCells(grid, width: 400, height: 300)
        for (pixel, column) in cells.columns.enumerated() { #expect(column == min(grid.columns - 1, pixel / 40)) }
        #expect(cells.rows.count == 300)
    }
}
