import Concurrency
import Testing

@Suite struct CancellationTokenTests {
    @Test func stopsWhenCancelled() throws {
        let token = CancellationToken()
        try token.check()
        #expect(!token.isCancelled)
        token.cancel()
        #expect(token.isCancelled)
        #expect(throws: Stopped.cancelled) { try token.check() }
    }

    @Test func stopsAtItsDeadline() throws {
        let time = ManualTime()
        let token = CancellationToken(deadline: time.now + .milliseconds(10), time: time)
        time.advance(by: .milliseconds(9))
        try token.check()
        time.advance(by: .milliseconds(1))
        #expect(throws: Stopped.deadlineExceeded) { try token.check() }
        token.cancel()
        #expect(token.reason == .cancelled)
    }

    @Test func callsHandlersOnceInTheirOrder() {
        let token = CancellationToken()
        let calls = Guarded<[Int]>([])
        for number in 1...3 { token.onCancel { calls.withLock { $0.append(number) } } }
        #expect(calls.withLock { $0 } == [])
        token.cancel()
        token.cancel()
        #expect(calls.withLock { $0 } == [1, 2, 3])
    }

    @Test func callsALateHandlerAtOnce() {
        let token = CancellationToken()
        token.cancel()
        let calls = Guarded(0)
        token.onCancel { calls.withLock { $0 += 1 } }
        #expect(calls.withLock { $0 } == 1)
    }

    @Test func forgetsARemovedHandler() {
        let token = CancellationToken()
        let calls = Guarded<[Int]>([])
        let first = token.onCancel { calls.withLock { $0.append(1) } }
        token.onCancel { calls.withLock { $0.append(2) } }
        token.remove(first)
        token.cancel()
        #expect(calls.withLock { $0 } == [2])
    }

    @Test func aHandlerMayUseItsToken() {
        let token = CancellationToken()
        let seen = Guarded(false)
        token.onCancel {
            token.onCancel { seen.withLock { $0 = token.isCancelled } }
        }
        token.cancel()
        #expect(seen.withLock { $0 })
    }

    @Test func everyHandlerIsCalledWhateverTheRace() {
        for _ in 0..<200 {
            let token = CancellationToken()
            let calls = Guarded(0)
            Threads.run(2) { thread in
                if thread == 0 {
                    for _ in 0..<20 { token.onCancel { calls.withLock { $0 += 1 } } }
                } else {
                    token.cancel()
                }
            }
            #expect(calls.withLock { $0 } == 20)
        }
    }

    @Test func theEternalTokenNeverStopsAndKeepsNothing() {
        final class Mark: Sendable {}
        weak var kept: Mark?
        do {
            let mark = Mark()
            kept = mark
            CancellationToken.never.onCancel { _ = mark }
        }
        CancellationToken.never.cancel()
        #expect(!CancellationToken.never.isCancelled)
        #expect(kept == nil)
    }

    @Test func reasonsHaveWords() {
        #expect("\(Stopped.cancelled)" == "the work was cancelled")
        #expect("\(Stopped.deadlineExceeded)" == "the time allowed for the work was over before it was done")
    }
}
