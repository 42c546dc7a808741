internal import Concurrency
public import Foundation

/// A time of day that the test moves.
public final class TestClock: Sendable {
    private let time = Guarded(Date(timeIntervalSince1970: 1_800_000_000))

    /// A clock that stands still.
    public init() {}

    /// The time that it shows.
    public var now: Date { time.withLock { $0 } }

    /// Moves it.
    public func advance(seconds: TimeInterval) { time.withLock { $0 += seconds } }
}

/// So many bytes that no other seed gives.
public func bytes(_ count: Int, seed: UInt8) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) ^ seed }
}
