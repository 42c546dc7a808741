import Imaging
import Testing

@Suite struct ResizeTests {
    private let folder = "images-resize-as-pillow-resizes"

    @Test(arguments: [
        (48, 64), (31, 17), (72, 30), (20, 96), (150, 201), (1, 1), (5, 200), (73, 95), (71, 97), (144, 7),
    ])
    func givesPillowsLevels(height: Int, width: Int) throws {
        let photo = try NetpbmFile.image("\(folder)/photo.ppm")
        let expected = try NetpbmFile.image("\(folder)/resized-\(height)x\(width).ppm")
        #expect(photo.resized(height: height, width: width) == expected)
    }

    @Test func givesPillowsLevelsInGray() throws {
        let gray = try NetpbmFile.grayImage("\(folder)/photo-gray.pgm")
        #expect(try gray.resized(height: 29, width: 33) == NetpbmFile.grayImage("\(folder)/gray-resized-29x33.pgm"))
    }

    @Test func keepingTheSizeKeepsThePixels() throws {
        let photo = try NetpbmFile.image("\(folder)/photo.ppm")
        #expect(photo.resized(height: 72, width: 96) == photo)
    }

    @Test func roundsTheLongerSideDownAsTorchvisionDoes() throws {
        let photo = try NetpbmFile.image("\(folder)/photo.ppm")
        #expect(try photo.resized(shorterSide: 50) == NetpbmFile.image("\(folder)/shorter-side-50.ppm"))
        let upright = photo.oriented(.rotated270)
        #expect(try upright.resized(shorterSide: 50) == NetpbmFile.image("\(folder)/shorter-side-50-upright.ppm"))
        #expect(photo.grayscale().resized(shorterSide: 50).width == 66)
    }

    @Test(arguments: [(50, 60), (51, 61), (49, 57), (72, 95)])
    func halvesOddMarginsAsTorchvisionDoes(height: Int, width: Int) throws {
        let photo = try NetpbmFile.image("\(folder)/photo.ppm")
        let expected = try NetpbmFile.image("\(folder)/center-\(height)x\(width).ppm")
        #expect(photo.cropped(centerHeight: height, centerWidth: width) == expected)
        #expect(photo.grayscale().cropped(centerHeight: height, centerWidth: width) == expected.grayscale())
    }

    @Test func cropsARectangle() {
        let image = GrayImage(width: 4, height: 3, pixels: Array(0..<12))
        let cropped = image.cropped(PixelRectangle(y0: 1, x0: 1, y1: 3, x1: 4))
        #expect(cropped == GrayImage(width: 3, height: 2, pixels: [5, 6, 7, 9, 10, 11]))
        #expect(
            image.rgb().cropped(PixelRectangle(y0: 1, x0: 1, y1: 3, x1: 4)) == cropped.rgb())
    }

    @Test func turnsGrayAsPillowDoes() throws {
        let photo = try NetpbmFile.image("\(folder)/photo.ppm")
        #expect(try photo.grayscale() == NetpbmFile.grayImage("\(folder)/photo-gray.pgm"))
    }

    @Test func aFlatImageStaysFlatAtAnySize() {
        let white = Image(width: 13, height: 7, color: (255, 254, 1))
        #expect(white.resized(height: 100, width: 3) == Image(width: 3, height: 100, color: (255, 254, 1)))
    }
}
