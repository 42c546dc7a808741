public import Imaging
public import Tensors

extension Preprocessing {
    /// The most pixels that a resize may make; only pictures hundreds of times longer than wide make more.
    private static let maximumPixels = 1 << 24

    /// The network's input made from a picture, and the part of the picture that it shows.
    ///
    /// Throws ``ModelsError/imageSize(height:width:expected:)`` where a resize would make a picture out of proportion,
    /// or where there is no resize and the picture is smaller than the crop.
    public func prepare(_ image: Image) throws(ModelsError) -> PreparedInput {
        let frame = try frame(of: image)
        if color == .gray {
            let gray = frame.grayscale()
            let table = levels(channel: 0)
            let tensor = Tensor(
                shape: [1, frame.height, frame.width], values: gray.pixels.map { table[Int($0)] })
            return PreparedInput(tensor: tensor, frame: gray.rgb())
        }
        var values: [Float] = []
        values.reserveCapacity(frame.pixels.count)
        for channel in 0..<3 {
            let table = levels(channel: channel)
            let first = color == .bgr ? 2 - channel : channel
            for index in stride(from: first, to: frame.pixels.count, by: 3) {
                values.append(table[Int(frame.pixels[index])])
            }
        }
        return PreparedInput(tensor: Tensor(shape: [3, frame.height, frame.width], values: values), frame: frame)
    }

    /// The network's value for each of the 256 levels of a pixel.
    private func levels(channel: Int) -> [Float] {
        (0..<256).map { networkValue(ofPixel: Float($0), channel: channel) }
    }

    /// The picture, resized and cropped.
    private func frame(of image: Image) throws(ModelsError) -> Image {
        let resized = try resized(image)
        guard let crop else { return resized }
        guard crop.height <= resized.height, crop.width <= resized.width else {
            throw .imageSize(
                height: image.height, width: image.width, expected: "at least \(crop.height) and \(crop.width)")
        }
        return resized.cropped(centerHeight: crop.height, centerWidth: crop.width)
    }

    private func resized(_ image: Image) throws(ModelsError) -> Image {
        switch resize {
        case nil: return image
        case .exact(let size): return image.resized(height: size.height, width: size.width)
        case .shorterSide(let side): return try resized(image, shorterSide: side)
        }
    }

    /// The picture with its shorter side of this length, the longer one in proportion, rounded to the nearest (a half
    /// up).
    private func resized(_ image: Image, shorterSide side: Int) throws(ModelsError) -> Image {
        let (shorter, longer) = (min(image.height, image.width), max(image.height, image.width))
        let scaled = (2 * side * longer + shorter) / (2 * shorter)
        guard side * scaled <= max(Self.maximumPixels, side * side) else {
            throw .imageSize(
                height: image.height, width: image.width,
                expected: "a longer side of at most \(Self.maximumPixels / (side * side)) times the shorter")
        }
        return image.width <= image.height
            ? image.resized(height: scaled, width: side) : image.resized(height: side, width: scaled)
    }
}

/// What a network is given: its input, and the picture it shows where it was made from one.
public struct PreparedInput: Equatable, Sendable {
    /// The network's input, [C, H, W], in network units.
    public let tensor: Tensor
    /// The part of the picture that the network sees, of the input's height and width; grey where the network is
    /// given grey, `nil` where the input came as an array.
    public let frame: Image?

    /// An input; the frame, if any, must be of its height and width.
    public init(tensor: Tensor, frame: Image?) {
        precondition(tensor.shape.rank == 3, "an input of shape \(tensor.shape)")
        precondition(
            frame.map { [$0.height, $0.width] == Array(tensor.shape.dimensions[1...]) } ?? true,
            "an input of shape \(tensor.shape) with a frame of another size")
        self.tensor = tensor
        self.frame = frame
    }
}
