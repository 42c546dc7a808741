/// A time of day: milliseconds since 1970 in UTC, as stores keep it and as several machines understand it.
///
/// It may jump, unlike a monotonic clock: nothing but how soon a lease is taken over, or a job pruned, depends on it.
public struct WallTime: Hashable, Comparable, Sendable {
    /// Milliseconds since the first of January 1970, 0:00 UTC.
    public let milliseconds: Int64

    /// The time so many milliseconds after the beginning of 1970.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// The earlier of the two comes first.
    public static func < (left: WallTime, right: WallTime) -> Bool { left.milliseconds < right.milliseconds }

    /// The time so many milliseconds later, or earlier where it is negative; it stops at the ends of what there is.
    public func advanced(byMilliseconds milliseconds: Int64) -> WallTime {
        let (sum, overflow) = self.milliseconds.addingReportingOverflow(milliseconds)
        return WallTime(milliseconds: overflow ? (milliseconds > 0 ? .max : .min) : sum)
    }
}
