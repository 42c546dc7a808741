import Concurrency
import Jobs

/// The time of day that all who share a store of jobs agree on.
///
/// It is what the store's own clock said when it was last asked, and what has passed since by this machine's monotonic
/// clock. So leases do not depend on what the machines of workers think the time is, nor on whether that jumps.
final class StoreClock: Sendable {
    private struct Reading {
        let time: WallTime
        let at: Instant
    }

    private let ask: @Sendable () throws -> WallTime
    private let time: any TimeSource
    private let last: Guarded<Reading>

    /// A clock that has asked once; `ask` is the store's.
    init(time: any TimeSource = MonotonicTime(), _ ask: @escaping @Sendable () throws -> WallTime) throws {
        (self.ask, self.time) = (ask, time)
        last = Guarded(Reading(time: try ask(), at: time.now))
    }

    /// The time of day.
    var now: WallTime {
        let last = last.withLock { $0 }
        let passed = time.now - last.at
        return last.time.advanced(byMilliseconds: Int64(passed.nanoseconds / 1_000_000))
    }

    /// Asks again, since the two clocks drift apart.
    ///
    /// Where that fails, the last answer stays in force.
    func look() throws {
        let reading = Reading(time: try ask(), at: time.now)
        last.withLock { $0 = reading }
    }
}
