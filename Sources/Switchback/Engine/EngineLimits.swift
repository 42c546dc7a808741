internal import Imaging

/// The bounds of one explanation, each with a safe default.
public struct EngineLimits: Equatable, Sendable {
    /// The largest image file in bytes; 32 MiB unless told.
    public var maximumImageBytes: Int
    /// The largest image in pixels, checked before a pixel is decoded; 50 million unless told.
    public var maximumImagePixels: Int
    /// The largest picture that is drawn, in pixels, checked before it is begun; 25 million unless told.
    public var maximumPicturePixels: Int
    /// What one explanation may hold at once, the answer as it is written included, in bytes; 256 MiB unless told.
    public var maximumExplanationBytes: Int
    /// The largest sweep answered at once, in multiply-adds; 4 · 10¹² unless told (about 40 s on two cores).
    public var maximumMultiplyAdds: Double
    /// What images seen before and the passes over them may take, in bytes; 72 MiB unless told (VGG-16 takes 65), 0
    /// keeps none.
    public var seenImageBytes: Int

    /// Limits; each default is safe for a service on the internet.
    public init(
        maximumImageBytes: Int = 32 << 20, maximumImagePixels: Int = 50_000_000,
        maximumPicturePixels: Int = 25_000_000, maximumExplanationBytes: Int = 256 << 20,
        maximumMultiplyAdds: Double = 4e12, seenImageBytes: Int = 72 << 20
    ) {
        self.maximumImageBytes = maximumImageBytes
        self.maximumImagePixels = maximumImagePixels
        self.maximumPicturePixels = maximumPicturePixels
        self.maximumExplanationBytes = maximumExplanationBytes
        self.maximumMultiplyAdds = maximumMultiplyAdds
        self.seenImageBytes = seenImageBytes
    }

    var image: ImageLimits { ImageLimits(maximumBytes: maximumImageBytes, maximumPixels: maximumImagePixels) }
}
