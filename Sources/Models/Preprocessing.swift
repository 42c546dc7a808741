/// How a picture becomes the network's input: resize, crop, order of channels, and (pixel · scale − mean) / std with
/// pixels from 0 to 255.
public struct Preprocessing: Equatable, Sendable {
    /// How a picture is brought to size, with an antialiased bilinear filter.
    public enum Resize: Equatable, Sendable {
        /// The shorter side gets this length, the longer one follows.
        case shorterSide(Int)
        /// Height and width are set, whatever the picture's proportions.
        case exact(PixelSize)
    }

    /// The channels of the network's input.
    public enum Color: String, CaseIterable, Sendable {
        /// Red, green, blue.
        case rgb = "RGB"
        /// Blue, green, red.
        case bgr = "BGR"
        /// One channel (ITU-R 601-2).
        case gray = "gray"
    }

    /// The resize; `nil` leaves the size alone.
    public let resize: Resize?
    /// The part cut from the middle after the resize; `nil` keeps all.
    public let crop: PixelSize?
    /// The order of the channels; `mean` and `standardDeviation` are in this order.
    public let color: Color
    /// What pixels are multiplied by.
    public let scale: Float
    /// What is subtracted from each channel then.
    public let mean: [Float]
    /// What each channel is divided by then.
    public let standardDeviation: [Float]

    /// A preprocessing of these steps.
    ///
    /// Traps unless there are as many means and deviations as channels, none of the
    /// deviations 0, and unless the crop fits into what the resize makes.
    public init(
        resize: Resize?, crop: PixelSize?, color: Color, scale: Float = 1, mean: [Float], standardDeviation: [Float]
    ) {
        self.resize = resize
        self.crop = crop
        self.color = color
        self.scale = scale
        self.mean = mean
        self.standardDeviation = standardDeviation
        precondition(
            mean.count == channels && standardDeviation.count == channels && !standardDeviation.contains(0),
            "means \(mean) and deviations \(standardDeviation) for \(channels) channels")
        precondition(Self.fits(crop, resize), "crop \(String(describing: crop)) of \(String(describing: resize))")
    }

    /// The channels of the network's input, 3 or 1.
    public var channels: Int { color == .gray ? 1 : 3 }

    /// The size of what is made, `nil` where it depends on the picture.
    public var preparedSize: PixelSize? {
        if let crop { return crop }
        if case .exact(let size) = resize { return size }
        return nil
    }

    /// The network's value in each of its channels for a colour in pixel units, 0 to 255.
    ///
    /// One number is meant for all channels; three are red, green and blue, whatever the network's order. `nil` for any
    /// other count, and for three numbers where the network has one channel.
    public func networkValues(ofPixel values: [Float]) -> [Float]? {
        guard values.count == 1 || values.count == channels else { return nil }
        let spread = values.count == channels ? values : [Float](repeating: values[0], count: channels)
        let ordered = color == .bgr ? spread.reversed() : spread
        return ordered.enumerated().map { networkValue(ofPixel: $1, channel: $0) }
    }

    /// (pixel · scale − mean) / std in one of the network's channels.
    func networkValue(ofPixel pixel: Float, channel: Int) -> Float {
        (pixel * scale - mean[channel]) / standardDeviation[channel]
    }

    static func fits(_ crop: PixelSize?, _ resize: Resize?) -> Bool {
        guard let crop else { return true }
        switch resize {
        case .exact(let size): return crop.height <= size.height && crop.width <= size.width
        case .shorterSide(let side): return crop.height <= side && crop.width <= side
        case nil: return true
        }
    }
}

/// A height and a width in pixels.
public struct PixelSize: Hashable, Sendable {
    /// Rows.
    public let height: Int
    /// Columns.
    public let width: Int

    /// `height` rows of `width` columns.
    public init(height: Int, width: Int) {
        self.height = height
        self.width = width
    }
}
