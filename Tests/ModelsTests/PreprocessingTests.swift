import Imaging
import Models
import Tensors
import Testing

/// From pixels to the network's input.
@Suite struct PreprocessingTests {
    /// Two rows of three pixels: red 10…15, green 20…25, blue 30…35.
    private let image = Image(
        width: 3, height: 2, pixels: [10, 20, 30, 11, 21, 31, 12, 22, 32, 13, 23, 33, 14, 24, 34, 15, 25, 35])

    private func preprocessing(
        _ color: Preprocessing.Color, resize: Preprocessing.Resize? = nil, crop: PixelSize? = nil
    ) -> Preprocessing {
        let isGray = color == .gray
        return Preprocessing(
            resize: resize, crop: crop, color: color, scale: 2, mean: isGray ? [4] : [1, 2, 3],
            standardDeviation: isGray ? [8] : [4, 8, 16])
    }

    @Test func scalesMovesAndDividesEachChannel() throws {
        let input = try preprocessing(.rgb).prepare(image)
        #expect(input.tensor.shape == [3, 2, 3])
        #expect(input.tensor[0, 0, 1] == 5.25)
        #expect(input.tensor[1, 1, 2] == 6)
        #expect(input.tensor[2, 1, 0] == 3.9375)
        #expect(input.frame == image)
    }

    @Test func putsBlueFirst() throws {
        let input = try preprocessing(.bgr).prepare(image)
        #expect(input.tensor[0, 0, 1] == 15.25)
        #expect(input.tensor[2, 0, 1] == 1.1875)
        #expect(input.frame == image)
    }

    @Test func makesGreyAsPillowDoes() throws {
        let input = try preprocessing(.gray).prepare(image)
        let level = image.grayscale().pixels[4]
        #expect(input.tensor.shape == [1, 2, 3])
        #expect(input.tensor[0, 1, 1] == (Float(level) * 2 - 4) / 8)
        #expect(input.frame == image.grayscale().rgb())
    }

    @Test func mapsColoursAsItMapsPixels() {
        let rgb = preprocessing(.rgb)
        let grey: [Float] = [63.75, 31.75, 15.8125]
        #expect(rgb.networkValues(ofPixel: [128]) == grey)
        let colour: [Float] = [4.75, 4.75, 3.5625]
        #expect(rgb.networkValues(ofPixel: [10, 20, 30]) == colour)
        let blueFirst: [Float] = [14.75, 4.75, 1.0625]
        #expect(preprocessing(.bgr).networkValues(ofPixel: [10, 20, 30]) == blueFirst)
        let one: [Float] = [31.5]
        #expect(preprocessing(.gray).networkValues(ofPixel: [128]) == one)
        #expect(preprocessing(.gray).networkValues(ofPixel: [1, 2, 3]) == nil)
        #expect(rgb.networkValues(ofPixel: [1, 2]) == nil)
        #expect(rgb.networkValues(ofPixel: []) == nil)
    }

    @Test func resizesTheShorterSideAndCropsTheMiddle() throws {
        let wide = Image(width: 45, height: 30, color: (red: 7, green: 8, blue: 9))
        let made = try preprocessing(
            .rgb, resize: .shorterSide(20), crop: PixelSize(height: 18, width: 20)
        ).prepare(wide)
        #expect(made.tensor.shape == [3, 18, 20])
        #expect(made.frame == Image(width: 20, height: 18, color: (red: 7, green: 8, blue: 9)))
    }

    /// 451 × 256 / 300 is 384.85: the nearest is what gives the probabilities that the README states.
    @Test func roundsTheLongerSideToTheNearest() throws {
        let wide = Image(width: 451, height: 300, color: (red: 7, green: 8, blue: 9))
        let made = try preprocessing(.rgb, resize: .shorterSide(256)).prepare(wide)
        #expect(made.tensor.shape == [3, 256, 385])
        let high = Image(width: 300, height: 451, color: (red: 7, green: 8, blue: 9))
        #expect(try preprocessing(.rgb, resize: .shorterSide(256)).prepare(high).tensor.shape == [3, 385, 256])
    }

    @Test func refusesPicturesOutOfProportion() throws {
        let line = Image(width: 100_000, height: 1, color: (red: 0, green: 0, blue: 0))
        let made = preprocessing(.rgb, resize: .shorterSide(256), crop: PixelSize(height: 227, width: 227))
        #expect(
            throws: ModelsError.imageSize(
                height: 1, width: 100_000, expected: "a longer side of at most 256 times the shorter")
        ) { try made.prepare(line) }
    }

    @Test func refusesPicturesSmallerThanTheCrop() {
        let made = preprocessing(.rgb, crop: PixelSize(height: 3, width: 3))
        #expect(throws: ModelsError.imageSize(height: 2, width: 3, expected: "at least 3 and 3")) {
            try made.prepare(image)
        }
    }
}
