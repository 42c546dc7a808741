/// How large an image may be.
///
/// Both are checked before a pixel is decoded.
public struct ImageLimits: Equatable, Sendable {
    /// Bytes of the file; default 32 MiB.
    public var maximumBytes: Int
    /// Width times height; default 50 million.
    public var maximumPixels: Int

    /// Limits; every one has a default.
    public init(maximumBytes: Int = 32 << 20, maximumPixels: Int = 50_000_000) {
        self.maximumBytes = maximumBytes
        self.maximumPixels = maximumPixels
    }
}
