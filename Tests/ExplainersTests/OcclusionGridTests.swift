import Explainers
import Imaging
import Testing

@Suite struct OcclusionGridTests {
    @Test func centresAreTheMiddlesOfStrideWideCells() throws {
        let grid = try OcclusionGrid(height: 227, width: 100, patch: 32, stride: 8)
        #expect(grid.centersY == Array(stride(from: 4, to: 227, by: 8)))
        #expect(grid.centersX == Array(stride(from: 4, to: 100, by: 8)))
        #expect(grid.rows == 28 && grid.columns == 12 && grid.count == 336)
    }

    @Test func evenPatchesReachFurtherUpThanDown() throws {
        let grid = try OcclusionGrid(height: 20, width: 20, patch: 4, stride: 10)
        #expect(grid.rectangle(row: 0, column: 1) == PixelRectangle(y0: 3, x0: 13, y1: 7, x1: 17))
    }

    @Test func oddPatchesAreSymmetric() throws {
        let grid = try OcclusionGrid(height: 20, width: 20, patch: 5, stride: 10)
        #expect(grid.rectangle(row: 1, column: 0) == PixelRectangle(y0: 13, x0: 3, y1: 18, x1: 8))
    }

    @Test func patchesAreClippedAtTheBorder() throws {
        let grid = try OcclusionGrid(height: 10, width: 12, patch: 9, stride: 5)
        #expect(grid.rectangle(row: 0, column: 0) == PixelRectangle(y0: 0, x0: 0, y1: 7, x1: 7))
        #expect(grid.rectangle(row: 1, column: 1) == PixelRectangle(y0: 3, x0: 3, y1: 10, x1: 12))
    }

    @Test func aStrideLargerThanTheImageHasOneCentreInTheMiddle() throws {
        let grid = try OcclusionGrid(height: 9, width: 4, patch: 3, stride: 18)
        #expect(grid.centersY == [4])
        #expect(grid.centersX == [2])
    }

    @Test func countsPixelsBehindTheLastPatch() throws {
        // Centres 2 and 6 cover 1 … 3 and 5 … 7 of 8: pixels 0 and 4 are bare.
        let grid = try OcclusionGrid(height: 8, width: 1, patch: 3, stride: 4)
        #expect(grid.uncovered == 2)
    }

    @Test func countsPixelsCoveredTwiceOnce() throws {
        let grid = try OcclusionGrid(height: 16, width: 16, patch: 8, stride: 2)
        #expect(grid.uncovered == 0)
    }

    @Test(arguments: [(7, 5, 1, 1), (7, 5, 2, 3), (13, 9, 3, 5), (6, 6, 4, 4), (5, 8, 40, 2), (3, 3, 1, 9)])
    func uncoveredPixelsAreThoseInNoRectangle(height: Int, width: Int, patch: Int, stride: Int) throws {
        let grid = try OcclusionGrid(height: height, width: width, patch: patch, stride: stride)
        var covered: Set<Int> = []
        for row in 0..<grid.rows {
            for column in 0..<grid.columns {
                let rectangle = grid.rectangle(row: row, column: column)
                for y in rectangle.y0..<rectangle.y1 {
                    for x in rectangle.x0..<rectangle.x1 { covered.insert(y * width + x) }
                }
            }
        }
        #expect(grid.uncovered == height * width - covered.count)
    }

    @Test func theLargestPatchCoversEverything() throws {
        let grid = try OcclusionGrid(height: 5, width: 7, patch: .max, stride: 1)
        #expect(grid.rectangle(row: 4, column: 6) == PixelRectangle(y0: 0, x0: 0, y1: 5, x1: 7))
        #expect(grid.uncovered == 0)
    }

    @Test func theLargestStrideHasOneCentre() throws {
        #expect(try OcclusionGrid(height: 5, width: 7, patch: 1, stride: .max).count == 1)
    }

    @Test func refusesPatchesAndStridesOfNothing() {
        #expect(throws: ExplainersError.patch(0)) { try OcclusionGrid(height: 5, width: 5, patch: 0, stride: 1) }
        #expect(throws: ExplainersError.stride(-1)) { try OcclusionGrid(height: 5, width: 5, patch: 1, stride: -1) }
    }
}
