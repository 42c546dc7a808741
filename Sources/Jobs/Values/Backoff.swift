/// How long a shard that has failed waits before it is tried again: twice as long each time, up to a limit, and shortened
/// by chance, so that what failed together is not tried again together.
public struct Backoff: Equatable, Sendable {
    /// The longest wait after the first failure, in milliseconds; 1000 unless told.
    public var base: Int64
    /// The longest wait at all, in milliseconds; ten minutes unless told.
    public var maximum: Int64

    /// Waits of these lengths.
    public init(base: Int64 = 1000, maximum: Int64 = 600_000) {
        precondition(base >= 1 && maximum >= base, "waits from \(base) ms to \(maximum) ms")
        self.base = base
        self.maximum = maximum
    }

    /// The wait in milliseconds behind the failure number `attempt` (1 is the first).
    ///
    /// - Parameter fraction: a random number, 0 … 1: the wait is between half of what the attempt's number gives and all
    ///   of it.
    public func wait(afterAttempt attempt: Int, fraction: Double) -> Int64 {
        precondition(attempt >= 1 && (0...1).contains(fraction), "attempt \(attempt), fraction \(fraction)")
        var longest = base
        for _ in 1..<attempt where longest < maximum { longest = longest > maximum / 2 ? maximum : longest * 2 }
        return longest - longest / 2 + Int64(fraction * Double(longest / 2))
    }
}
