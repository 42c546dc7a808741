public import Imaging
public import Tensors

/// The picture that the network saw, behind and beside what explains it.
public struct Photo: Sendable {
    /// The picture in the network's input frame.
    let image: Image
    /// Whether the network's channels are blue, green, red.
    let isReversed: Bool

    /// - Parameters:
    ///   - frame: the resized and cropped picture; nil with NPY input, where the input itself is drawn, its smallest
    ///     value black and its largest white.
    ///   - input: the network's input [C, H, W].
    ///   - isReversed: whether the network's channels are blue, green, red.
    public init(frame: Image?, input: Tensor, isReversed: Bool) {
        self.isReversed = isReversed
        guard let frame else {
            let values = input.values
            let (low, high) = (values.min() ?? 0, values.max() ?? 1)
            image = Photo.drawn(input, isReversed: isReversed) { (($0 - low) / max(high - low, 1e-30)) }
            return
        }
        image = frame
    }

    /// The picture at `width` pixels.
    func sketch(width: Int) -> Sketch {
        Sketch(width: width, height: Sketch.height(image.height, by: image.width, at: width)) {
            Canvas(photo: image, width: width)
        }
    }

    /// A projection [C, H, W]: zero is mid-grey, and one scale serves all channels.
    func projection(_ values: Tensor, scale: Float) -> Image {
        Photo.drawn(values, isReversed: isReversed) { 0.5 + 0.5 * $0 / max(scale, 1e-30) }
    }

    /// Three channels as colours, any other number as the grey of the first (one) or of their mean.
    private static func drawn(_ values: Tensor, isReversed: Bool, _ level: (Float) -> Float) -> Image {
        let (channels, height, width) = (values.shape[0], values.shape[1], values.shape[2])
        let size = height * width
        let floats = values.values
        var pixels: [UInt8] = []
        pixels.reserveCapacity(size * 3)
        for pixel in 0..<size {
            for color in 0..<3 {
                var value: Float = 0
                if channels == 3 {
                    value = floats[(isReversed ? 2 - color : color) * size + pixel]
                } else {
                    for channel in 0..<channels { value += floats[channel * size + pixel] }
                    value /= Float(channels)
                }
                pixels.append(UInt8((min(1, max(0, level(value))) * 255).rounded()))
            }
        }
        return Image(width: width, height: height, pixels: pixels)
    }
}
