import Jobs
import Testing

@Suite struct BackoffTests {
    @Test func doublesUpToItsLimit() {
        let backoff = Backoff(base: 1000, maximum: 10_000)
        #expect(
            (1...6).map { backoff.wait(afterAttempt: $0, fraction: 1) } == [1000, 2000, 4000, 8000, 10_000, 10_000])
        #expect(backoff.wait(afterAttempt: 1000, fraction: 1) == 10_000)
    }

    @Test func isShortenedByChanceToHalfAtMost() {
        let backoff = Backoff(base: 1000)
        #expect(backoff.wait(afterAttempt: 1, fraction: 0) == 500)
        #expect(backoff.wait(afterAttempt: 1, fraction: 0.5) == 750)
        #expect(Backoff(base: 1, maximum: 1).wait(afterAttempt: 3, fraction: 0) == 1)
    }
}
