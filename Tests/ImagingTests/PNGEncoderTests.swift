import Imaging
import TestSupport
import Testing

@Suite struct PNGEncoderTests {
    private func photo() throws -> Image {
        try NetpbmFile.image("images-resize-as-pillow-resizes/photo.ppm")
    }

    @Test func comesBackFromItsOwnFile() throws {
        let image = try photo()
        #expect(try ImageDecoder.decode(PNGEncoder.encode(image)) == image)
        #expect(try ImageDecoder.decode(PNGEncoder.encode(image.grayscale())) == image.grayscale().rgb())
        let noise = GrayImage(width: 1, height: 300, pixels: (0..<300).map { UInt8($0 * 167 % 256) })
        #expect(try ImageDecoder.decode(PNGEncoder.encode(noise)) == noise.rgb())
    }

    @Test func keepsAlpha() throws {
        let pixels = (0..<(31 * 17 * 4)).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) }
        let image = ImageWithAlpha(width: 31, height: 17, pixels: pixels)
        #expect(try ImageDecoder.decode(PNGEncoder.encode(image)) == image.composited())
    }

    @Test func givesTheSameBytesForTheSameImage() throws {
        #expect(try PNGEncoder.encode(photo()) == PNGEncoder.encode(photo()))
    }

    @Test func filtersBeatPlainRows() throws {
        // Pillow's file of this photo has 13.5 kB; unfiltered rows would compress to about 17 kB.
        #expect(try PNGEncoder.encode(photo()).count < 14_500)
    }

    @Test func carriesItsTitle() throws {
        let image = GrayImage(width: 1, height: 1, pixels: [7])
        let plain = PNGEncoder.encode(image, text: PNGText(title: "A title", description: "na\u{EF}ve"))
        #expect(plain.contains(Array("tEXtTitle\0A title".utf8)))
        #expect(plain.contains(Array("tEXtDescription\0na".utf8) + [0xEF] + Array("ve".utf8)))
        let unicode = PNGEncoder.encode(image, text: PNGText(title: "Δ\0"))
        #expect(unicode.contains(Array("iTXtTitle\0\0\0\0\0Δ".utf8)))
        #expect(try ImageDecoder.decode(unicode) == image.rgb())
    }
}
