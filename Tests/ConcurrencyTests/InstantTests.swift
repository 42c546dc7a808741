import Concurrency
import Testing

@Suite struct InstantTests {
    @Test func arithmeticStopsAtItsEnds() {
        let start = Instant(nanoseconds: 10)
        #expect(start + Timeout(nanoseconds: 5) == Instant(nanoseconds: 15))
        #expect(start + Timeout(nanoseconds: .max) == Instant(nanoseconds: .max))
        #expect(start - Instant(nanoseconds: 4) == Timeout(nanoseconds: 6))
        #expect(Instant(nanoseconds: 4) - start == Timeout(nanoseconds: 0))
        #expect(Instant(nanoseconds: 4) < start)
    }

    @Test func timeoutsComeFromSeconds() {
        #expect(Timeout.seconds(1.5).nanoseconds == 1_500_000_000)
        #expect(Timeout.milliseconds(2).nanoseconds == 2_000_000)
        #expect(Timeout.seconds(0.25).seconds == 0.25)
        #expect(Timeout.seconds(-1).nanoseconds == 0)
        #expect(Timeout.seconds(.nan).nanoseconds == 0)
        #expect(Timeout.seconds(.infinity).nanoseconds == .max)
        #expect(Timeout.seconds(1e300).nanoseconds == .max)
        #expect(Timeout.milliseconds(1) < .seconds(1))
    }

    @Test func theMonotonicClockDoesNotGoBack() {
        var last = MonotonicTime().now
        for _ in 0..<1000 {
            let now = MonotonicTime().now
            #expect(now >= last)
            last = now
        }
    }

    @Test func theManualClockMovesWhenTold() {
        let time = ManualTime(now: Instant(nanoseconds: 100))
        #expect(time.now.nanoseconds == 100)
        time.advance(by: Timeout(nanoseconds: 11))
        #expect(time.now.nanoseconds == 111)
    }
}
