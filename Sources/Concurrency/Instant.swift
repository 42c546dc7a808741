/// A point of monotonic time: a deadline is one, and a ``Timeout`` is a stretch between two.
public struct Instant: Hashable, Comparable, Sendable {
    /// Nanoseconds since some fixed point before the process began.
    public let nanoseconds: UInt64

    /// The instant so many nanoseconds after the time source's zero.
    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// The earlier of the two comes first.
    public static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The instant `timeout` later, or the last one there is.
    public static func + (instant: Instant, timeout: Timeout) -> Instant {
        let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(timeout.nanoseconds)
        return Instant(nanoseconds: overflow ? .max : sum)
    }

    /// The time from `earlier` to `later`, 0 if it is the other way round.
    public static func - (later: Instant, earlier: Instant) -> Timeout {
        Timeout(nanoseconds: later > earlier ? later.nanoseconds - earlier.nanoseconds : 0)
    }
}

/// A stretch of time, at least 0.
public struct Timeout: Hashable, Comparable, Sendable {
    /// Its length.
    public let nanoseconds: UInt64

    /// A stretch of so many nanoseconds.
    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// A stretch of so many seconds; 0 for what is negative or not a number, the longest there is for what is too long.
    public static func seconds(_ seconds: Double) -> Timeout {
        let nanoseconds = (seconds * 1e9).rounded()
        guard nanoseconds > 0 else { return Timeout(nanoseconds: 0) }
        return Timeout(nanoseconds: nanoseconds < 0x1p64 ? UInt64(nanoseconds) : .max)
    }

    /// A stretch of so many milliseconds, with the same limits as ``seconds(_:)``.
    public static func milliseconds(_ milliseconds: Double) -> Timeout { seconds(milliseconds / 1e3) }

    /// Its length in seconds.
    public var seconds: Double { Double(nanoseconds) / 1e9 }

    /// The shorter of the two comes first.
    public static func < (left: Timeout, right: Timeout) -> Bool { left.nanoseconds < right.nanoseconds }
}
