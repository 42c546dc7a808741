import Imaging
import TestSupport
import Testing

@Suite struct DecodeTests {
    static let folder = "images-decode-as-pillow-decodes"
    static let jpegs = [
        "jpeg-420", "jpeg-422", "jpeg-444-restarts", "jpeg-progressive", "jpeg-gray", "jpeg-rgb", "jpeg-cmyk",
        "jpeg-ycck",
    ]
    static let webps = ["webp-lossy", "webp-lossless", "webp-alpha-lossy", "webp-alpha-lossless"]
    static let pngs =
        [
            "png-rgb", "png-rgba", "png-rgba16", "png-gray-alpha8", "png-palette-transparent", "png-rgb-key",
            "png-gray16-key", "png-extra-chunks",
        ]
        + ["gray1", "gray2", "gray4", "gray8", "gray16", "rgb8", "rgb16"]
        .flatMap { ["png-\($0)", "png-\($0)-interlaced"] }
        + [1, 2, 4, 8].map { "png-palette\($0)" }

    private func decode(_ file: String) throws -> Image {
        try ImageDecoder.decode(Fixtures.bytes("\(Self.folder)/\(file)"))
    }

    private func expected(_ name: String) throws -> Image {
        try NetpbmFile.image("\(Self.folder)/\(name).ppm")
    }

    @Test(arguments: pngs)
    func readsEveryKindOfPNG(name: String) throws {
        #expect(try decode("\(name).png") == expected(name))
    }

    @Test(arguments: jpegs)
    func readsEveryKindOfJPEGAsPillowDoes(name: String) throws {
        #expect(try decode("\(name).jpg") == expected(name))
    }

    @Test(arguments: webps)
    func readsEveryKindOfWebPAsPillowDoes(name: String) throws {
        #expect(try decode("\(name).webp") == expected(name))
    }

    @Test(arguments: 1...8)
    func turnsByTheOrientationOfJPEG(orientation: Int) throws {
        let name = "oriented-\(orientation)"
        #expect(try decode("\(name).jpg") == expected(name))
        let properties = try ImageDecoder.probe(Fixtures.bytes("\(Self.folder)/\(name).jpg"))
        #expect(properties.orientation.rawValue == orientation)
        #expect(try (properties.width, properties.height) == (expected(name).width, expected(name).height))
    }

    @Test(arguments: ["png", "webp"])
    func turnsByTheOrientationOfPNGAndWebP(format: String) throws {
        #expect(try decode("oriented-\(format).\(format)") == expected("oriented-\(format)"))
    }

    @Test(arguments: Orientation.allCases)
    func turningMovesEveryPixelOnce(orientation: Orientation) {
        let stored = GrayImage(width: 70, height: 41, pixels: (0..<2870).map { UInt8($0 % 251) }).rgb()
        let turned = stored.oriented(orientation)
        #expect(turned.pixels.sorted() == stored.pixels.sorted())
        let quarter = orientation == .rotated90 || orientation == .rotated270
        let back =
            quarter
            ? turned.oriented(orientation).oriented(orientation).oriented(orientation) : turned.oriented(orientation)
        #expect(back == stored)
    }

    @Test func probesWithoutThePicture() throws {
        let whole = try Fixtures.bytes("\(Self.folder)/jpeg-420.jpg")
        let properties = try ImageDecoder.probe(Array(whole.prefix(700)))
        #expect(properties.format == .jpeg)
        #expect((properties.width, properties.height) == (47, 35))
    }

    @Test func laysAlphaOnABackground() {
        let image = ImageWithAlpha(width: 3, height: 1, pixels: [10, 20, 30, 0, 10, 20, 30, 255, 0, 0, 0, 128])
        #expect(image.composited().pixels == [255, 255, 255, 10, 20, 30, 127, 127, 127])
        #expect(image.composited(onto: (0, 100, 0)).pixels == [0, 100, 0, 10, 20, 30, 0, 50, 0])
        #expect(!image.isOpaque)
        #expect(ImageWithAlpha(image.composited()).isOpaque)
    }
}
