import Concurrency
import Jobs
import Testing

@testable import SwitchbackCommand

/// The time of day that those who share a store agree on.
@Suite struct StoreClockTests {
    private struct Away: Error {}

    private let time = ManualTime()
    private let answer = Guarded<WallTime?>(WallTime(milliseconds: 5_000))

    private func clock() throws -> StoreClock {
        try StoreClock(time: time) { [answer] in
            guard let time = answer.withLock({ $0 }) else { throw Away() }
            return time
        }
    }

    @Test func itGoesOnFromWhatTheStoreSaid() throws {
        let clock = try clock()
        #expect(clock.now == WallTime(milliseconds: 5_000))
        time.advance(by: .milliseconds(250))
        #expect(clock.now == WallTime(milliseconds: 5_250))
    }

    @Test func itFollowsTheStoreBothWays() throws {
        let clock = try clock()
        time.advance(by: .seconds(1))
        for milliseconds: Int64 in [9_000, 3_000] {
            answer.withLock { $0 = WallTime(milliseconds: milliseconds) }
            try clock.look()
            #expect(clock.now == WallTime(milliseconds: milliseconds))
        }
    }

    @Test func itGoesOnWhileTheStoreIsAway() throws {
        let clock = try clock()
        answer.withLock { $0 = nil }
        time.advance(by: .seconds(60))
        #expect(throws: Away.self) { try clock.look() }
        #expect(clock.now == WallTime(milliseconds: 65_000))
    }

    @Test func aStoreThatIsAwayAtTheBeginningIsAnError() {
        answer.withLock { $0 = nil }
        #expect(throws: Away.self) { try clock() }
    }
}
