import Dispatch
import Foundation
import Testing

@testable import Concurrency

@Suite struct SharedWorkTests {
    private struct Broken: Error, Equatable {}

    /// Work that says when it has begun and goes on when it is let.
    private final class Job: Sendable {
        let begun = DispatchSemaphore(value: 0)
        let goOn = DispatchSemaphore(value: 0)
        let runs = Guarded(0)
        let tokens = Guarded<[CancellationToken]>([])

        func run(_ token: CancellationToken) -> Int {
            let number = runs.withLock { runs in
                runs += 1
                return runs
            }
            tokens.withLock { $0.append(token) }
            begun.signal()
            goOn.wait()
            return number
        }
    }

    /// One who asks, on a thread of its own.
    private final class Asker: Sendable {
        let token: CancellationToken
        private let outcome = Guarded<Result<Int, any Error>?>(nil)
        private let done = DispatchSemaphore(value: 0)

        init(
            _ shared: SharedWork<String, Int>, _ key: String = "a", token: CancellationToken = CancellationToken(),
            _ work: @escaping @Sendable (CancellationToken) throws -> Int
        ) {
            self.token = token
            let (outcome, done) = (outcome, done)
            Thread {
                let result = Result { try shared.value(for: key, token: token, work) }
                outcome.withLock { $0 = result }
                done.signal()
            }.start()
        }

        func result() throws -> Int {
            done.wait()
            defer { done.signal() }
            guard let result = outcome.withLock({ $0 }) else { preconditionFailure("done without a result") }
            return try result.get()
        }
    }

    /// Returns when so many want the work.
    private func awaitInterest(_ shared: SharedWork<String, Int>, _ count: Int, _ key: String = "a") {
        while shared.interest(in: key) != count { sched_yield() }
    }

    @Test func isDoneOnceForAllWhoAskMeanwhile() throws {
        let (shared, job) = (SharedWork<String, Int>(), Job())
        let askers = (0..<8).map { _ in Asker(shared) { job.run($0) } }
        awaitInterest(shared, 8)
        job.goOn.signal()
        for asker in askers { #expect(try asker.result() == 1) }
        #expect(job.runs.withLock { $0 } == 1)
        #expect(shared.count == 0)
    }

    @Test func isDoneAgainAfterwardsAndForOtherKeys() throws {
        let (shared, job) = (SharedWork<String, Int>(), Job())
        for _ in 0..<3 { job.goOn.signal() }
        #expect(try shared.value(for: "a", token: .never) { job.run($0) } == 1)
        #expect(try shared.value(for: "a", token: .never) { job.run($0) } == 2)
        #expect(try shared.value(for: "b", token: .never) { job.run($0) } == 3)
    }

    @Test func anErrorIsThrownForAll() throws {
        let (shared, job) = (SharedWork<String, Int>(), Job())
        let askers = (0..<3).map { _ in
            Asker(shared) {
                _ = job.run($0)
                throw Broken()
            }
        }
        awaitInterest(shared, 3)
        job.goOn.signal()
        for asker in askers { #expect(throws: Broken()) { try asker.result() } }
        #expect(job.runs.withLock { $0 } == 1)
    }

    @Test func goesOnWithoutTheOneWhoBeganIt() throws {
        let (shared, job) = (SharedWork<String, Int>(), Job())
        let first = Asker(shared) { job.run($0) }
        job.begun.wait()
        let second = Asker(shared) { job.run($0) }
        awaitInterest(shared, 2)
        first.token.cancel()
        #expect(shared.interest(in: "a") == 1)
        #expect(job.tokens.withLock { $0[0].isCancelled } == false)
        job.goOn.signal()
        #expect(try second.result() == 1)
        #expect(throws: Stopped.cancelled) { try first.result() }
    }

    @Test func stopsWhenTheLastHasGone() throws {
        let (shared, job) = (SharedWork<String, Int>(), Job())
        let first = Asker(shared) { job.run($0) }
        job.begun.wait()
        let second = Asker(shared) { job.run($0) }
        awaitInterest(shared, 2)
        second.token.cancel()
        // One who only waits goes at once.
        #expect(throws: Stopped.cancelled) { try second.result() }
        #expect(job.tokens.withLock { $0[0].isCancelled } == false)
        first.token.cancel()
        #expect(job.tokens.withLock { $0[0].isCancelled })
        // Nobody joins what nobody wants.
        let third = Asker(shared) { job.run($0) }
        job.begun.wait()
        for _ in 0..<2 { job.goOn.signal() }
        #expect(try third.result() == 2)
        #expect(throws: Stopped.cancelled) { try first.result() }
    }

    @Test func whoHasMoreTimeDoesItItself() throws {
        let (shared, job, time) = (SharedWork<String, Int>(), Job(), ManualTime())
        let work: @Sendable (CancellationToken) throws -> Int = { token in
            let number = job.run(token)
            try token.check()
            return number
        }
        let hasty = Asker(shared, token: CancellationToken(deadline: time.now + .seconds(1), time: time), work)
        job.begun.wait()
        let patient = Asker(shared, token: CancellationToken(deadline: time.now + .seconds(9), time: time), work)
        awaitInterest(shared, 2)
        time.advance(by: .seconds(1))
        for _ in 0..<2 { job.goOn.signal() }
        #expect(throws: Stopped.deadlineExceeded) { try hasty.result() }
        #expect(try patient.result() == 2)
    }

    @Test func whoOnlyWaitsDoesSoUntilItsDeadline() throws {
        let (shared, job, time) = (SharedWork<String, Int>(), Job(), ManualTime())
        let first = Asker(shared) { job.run($0) }
        job.begun.wait()
        let token = CancellationToken(deadline: time.now + .seconds(1), time: time)
        let hasty = Asker(shared, token: token) { job.run($0) }
        awaitInterest(shared, 2)
        time.advance(by: .seconds(1))
        #expect(throws: Stopped.deadlineExceeded) { try hasty.result() }
        job.goOn.signal()
        #expect(try first.result() == 1)
    }

    @Test func aTokenThatHasStoppedBeginsNothing() {
        let (shared, token) = (SharedWork<String, Int>(), CancellationToken())
        token.cancel()
        #expect(throws: Stopped.cancelled) { try shared.value(for: "a", token: token) { _ in 1 } }
        #expect(shared.count == 0)
    }
}
