import FuzzDriver
import Imaging

/// The image door: no bytes trap or reach outside, and headers say of the size what decoding gives.
///
/// A change within a chunk of a PNG stops at the chunk's checksum, so a PNG is tried again with the checksums made right.
/// An input that is marked as a recipe stands for the PNG it describes.
private func check(_ bytes: [UInt8]) {
    if bytes.starts(with: PNGRecipe.mark) { return decode(PNGRecipe.file(bytes.dropFirst(PNGRecipe.mark.count))) }
    decode(bytes)
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { decode(PNGChecksums.repaired(bytes)) }
}

private func decode(_ bytes: [UInt8]) {
    let limits = ImageLimits(maximumBytes: 1 << 20, maximumPixels: 1 << 18)
    do throws(ImageError) {
        let image = try ImageDecoder.decode(bytes, limits: limits)
        let properties = try ImageDecoder.probe(bytes, limits: limits)
        precondition(
            properties.width == image.width && properties.height == image.height,
            "\(properties) announced, \(image.width) × \(image.height) decoded")
    } catch {
        precondition(!error.description.isEmpty && error.description.utf8.count < 2000, "an error without fit words")
    }
}

@main
struct FuzzImage {
    static func main() {
        // SAFETY: the bytes are valid during the call, and copied in it.
        unsafe runFuzzer { bytes, count in
            check(unsafe fuzzedInput(bytes, count))
            return 0
        }
    }
}
