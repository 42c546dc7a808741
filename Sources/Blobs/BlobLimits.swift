public import Foundation

/// How much a store keeps, and for how long.
public struct BlobLimits: Equatable, Sendable {
    /// The bytes of all blobs together; 256 MiB unless told.
    public var maximumBytes: Int
    /// Seconds from the last time a blob was put until it is absent; 30 days unless told, nil for no limit.
    public var maximumAge: TimeInterval?

    /// Limits, each at its default unless given.
    public init(maximumBytes: Int = 256 << 20, maximumAge: TimeInterval? = 30 * 86_400) {
        self.maximumBytes = maximumBytes
        self.maximumAge = maximumAge
    }
}
