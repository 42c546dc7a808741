import Imaging
import TestSupport
import Testing

@Suite struct HostileImageTests {
    static let tiny = [
        "tiny-baseline.jpg", "tiny-progressive.jpg", "tiny-cmyk.jpg", "tiny-palette.png", "tiny-interlaced.png",
        "tiny-lossy.webp", "tiny-lossless.webp", "tiny-alpha.webp",
    ]

    private func bytes(_ file: String) throws -> [UInt8] {
        try Fixtures.bytes("\(DecodeTests.folder)/\(file)")
    }

    private func failure(_ bytes: [UInt8], limits: ImageLimits = ImageLimits()) -> ImageError? {
        do throws(ImageError) {
            _ = try ImageDecoder.decode(bytes, limits: limits)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: tiny)
    func refusesAFileCutAnywhere(name: String) throws {
        let whole = try bytes(name)
        let format: ImageFormat = name.hasSuffix("jpg") ? .jpeg : name.hasSuffix("png") ? .png : .webp
        #expect(failure(whole) == nil)
        for length in 0..<whole.count {
            let found = try #require(failure(Array(whole.prefix(length))), "\(length) bytes of \(whole.count)")
            if length >= 12 { #expect(found == .truncated(format: format, found: length)) }
        }
    }

    @Test(arguments: tiny)
    func survivesAnyBrokenByte(name: String) throws {
        let whole = try bytes(name)
        let limits = ImageLimits(maximumPixels: 1_000_000)
        for place in whole.indices {
            for value: UInt8 in [0x00, 0xFF, whole[place] ^ 0x01, whole[place] ^ 0x80] {
                var broken = whole
                broken[place] = value
                // Either answer is right; that there is one is the test.
                if let error = failure(broken, limits: limits) { #expect(!error.description.isEmpty) }
            }
        }
    }

    @Test func refusesJPEGDataThatEndEarly() throws {
        // The end marker follows half the data: libjpeg would go on with grey and a warning.
        let whole = try bytes("jpeg-420.jpg")
        guard case .corrupt(.jpeg, let reason) = failure(Array(whole.prefix(1000)) + [0xFF, 0xD9]) else {
            Issue.record("half a picture was taken")
            return
        }
        #expect(reason.contains("premature end"))
    }

    @Test func takesBytesBehindTheEnd() throws {
        for name in Self.tiny {
            #expect(try failure(bytes(name) + [1, 2, 3]) == nil, "\(name)")
        }
    }

    @Test func refusesMoreThanTheLimitsAllowBeforeDecoding() throws {
        let file = try bytes("png-rgb.png")
        #expect(
            failure(file, limits: ImageLimits(maximumBytes: 100)) == .tooManyBytes(found: file.count, allowed: 100))
        #expect(
            failure(file, limits: ImageLimits(maximumPixels: 1644))
                == .tooManyPixels(width: 47, height: 35, allowed: 1644))
        #expect(failure(file, limits: ImageLimits(maximumBytes: file.count, maximumPixels: 1645)) == nil)
        // A header alone that claims 2³¹ − 1 pixels a side.
        let side: [UInt8] = [0x7F, 0xFF, 0xFF, 0xFF]
        let huge = Array(file.prefix(16)) + side + side + Array(file[24..<33])
        #expect(
            failure(huge)
                == .tooManyPixels(width: 2_147_483_647, height: 2_147_483_647, allowed: 50_000_000))
    }

    @Test func namesWhatIsNoImageHere() {
        #expect(failure([]) == .empty)
        #expect(failure(Array("GIF89a".utf8)) == .unsupported(format: "GIF"))
        #expect(failure(Array("BM1234".utf8)) == .unsupported(format: "BMP"))
        #expect(failure([0x49, 0x49, 0x2A, 0]) == .unsupported(format: "TIFF"))
        #expect(failure([0, 0, 0, 24] + Array("ftypheic".utf8)) == .unsupported(format: "HEIC"))
        #expect(failure([0, 0, 0, 24] + Array("ftypavif".utf8)) == .unsupported(format: "AVIF"))
        #expect(failure(Array("hello, world".utf8)) == .unrecognized(signature: "68 65 6c 6c 6f 2c 20 77 (“hello, w”)"))
        #expect(failure([1, 2]) == .unrecognized(signature: "01 02"))
    }

    @Test func refusesAnAnimation() throws {
        #expect(try failure(bytes("animated.webp")) == .animated(format: .webp))
    }

    @Test func saysWhatWasFoundAndWhatIsAllowed() {
        #expect(ImageError.empty.description == "the image is empty (0 bytes); JPEG, PNG and WebP images are")
        #expect(
            ImageError.unsupported(format: "GIF").description == "GIF is not read; JPEG, PNG and WebP images are")
        #expect(
            ImageError.unrecognized(signature: "01").description
                == "not an image: it begins with 01; JPEG, PNG and WebP images are")
        #expect(
            ImageError.tooManyPixels(width: 9, height: 8, allowed: 7).description
                == "the image has 9×8 pixels; at most 7 pixels are allowed")
        #expect(
            ImageError.tooManyBytes(found: 9, allowed: 7).description
                == "the image has 9 bytes; at most 7 are allowed")
        #expect(
            ImageError.truncated(format: .png, found: 9).description
                == "the PNG is truncated: it ends after 9 bytes, before its picture does")
        #expect(
            ImageError.corrupt(format: .jpeg, reason: "no").description == "the JPEG is broken: no")
        #expect(
            ImageError.animated(format: .webp).description == "this WebP is animated; only still images are read")
    }
}
