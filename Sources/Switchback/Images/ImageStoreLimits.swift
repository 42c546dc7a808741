public import Foundation

/// How many images are kept, and for how long.
public struct ImageStoreLimits: Equatable, Sendable {
    /// The bytes of all images together; 256 MiB unless told.
    ///
    /// Those used least recently make room for new ones.
    public var maximumBytes: Int
    /// Seconds from the last time an image was posted until it is gone; 30 days unless told, nil for no limit.
    public var maximumAge: TimeInterval?

    /// Limits, each at its default unless given.
    public init(maximumBytes: Int = 256 << 20, maximumAge: TimeInterval? = 30 * 86_400) {
        self.maximumBytes = maximumBytes
        self.maximumAge = maximumAge
    }
}
