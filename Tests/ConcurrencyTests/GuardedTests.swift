import Concurrency
import Testing

@Suite struct GuardedTests {
    @Test func oneThreadAtATimeChangesTheState() {
        let counter = Guarded(0)
        Threads.run(4) { _ in
            for _ in 0..<10_000 { counter.withLock { $0 += 1 } }
        }
        #expect(counter.withLock { $0 } == 40_000)
    }

    @Test func unlocksWhenTheBodyThrows() {
        struct Fault: Error {}
        let state = Guarded(1)
        #expect(throws: Fault.self) { try state.withLock { _ in throw Fault() } }
        #expect(state.withLock { $0 } == 1)
    }

    @Test func aWaiterWakesWhenTheStateFits() {
        let state = Guarded(0)
        let condition = Condition()
        Threads.run(2) { thread in
            if thread == 0 {
                #expect(state.wait(for: condition) { $0 == 3 ? $0 : nil } == 3)
            } else {
                for value in 1...3 {
                    state.withLock { $0 = value }
                    condition.notifyAll()
                }
            }
        }
    }

    @Test func aWaitEndsAtItsDeadline() {
        let state = Guarded(0)
        let start = MonotonicTime().now
        let deadline = start + .milliseconds(5)
        let result: Int? = state.wait(for: Condition(), until: deadline) { _ in nil }
        #expect(result == nil)
        #expect(MonotonicTime().now >= deadline)
    }

    @Test func aDeadlineInThePastStillAttemptsOnce() {
        let result = Guarded(7).wait(for: Condition(), until: Instant(nanoseconds: 0)) { $0 }
        #expect(result == 7)
    }
}
