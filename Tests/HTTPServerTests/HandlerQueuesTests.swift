import Concurrency
import Dispatch
import Testing

@testable import HTTPServer

@Suite struct HandlerQueuesTests {
    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Work that says that it runs and then waits to be let go.
    private struct Gate {
        let entered = DispatchSemaphore(value: 0)
        let leave = DispatchSemaphore(value: 0)

        var work: Work {
            Work { [entered, leave] in
                entered.signal()
                leave.wait()
            }
        }
    }

    /// Submits the work and starts it.
    private func submit(_ work: Work, to queues: HandlerQueues<Work>) -> Bool {
        defer { queues.start() }
        return queues.submit(work)
    }

    private func queues(_ count: Int, lineLength: Int) -> HandlerQueues<Work> {
        HandlerQueues(label: "test", count: count, lineLength: lineLength) { $0.body() }
    }

    @Test func runsAsManyAsItHasQueuesAndRefusesBeyondTheLine() {
        let queues = queues(2, lineLength: 3)
        let gate = Gate()
        for _ in 0..<2 { #expect(submit(gate.work, to: queues)) }
        for _ in 0..<2 { gate.entered.wait() }
        for _ in 2..<5 { #expect(submit(gate.work, to: queues)) }
        #expect(queues.load == (2, 3))
        #expect(!submit(gate.work, to: queues))
        gate.leave.signal()
        gate.entered.wait()
        #expect(queues.load == (2, 2))
        #expect(submit(gate.work, to: queues))
        for _ in 0..<5 { gate.leave.signal() }
        for _ in 0..<3 { gate.entered.wait() }
    }

    @Test func nothingWaitsBehindALongRequestWhileAQueueIsIdle() {
        let queues = queues(2, lineLength: 10)
        let long = Gate()
        #expect(submit(long.work, to: queues))
        long.entered.wait()
        let done = DispatchSemaphore(value: 0)
        for _ in 2..<10 { #expect(submit(Work { done.signal() }, to: queues)) }
        for _ in 2..<10 { done.wait() }
        long.leave.signal()
    }

    @Test func withdrawnWorkNeverRunsAndFreesItsPlace() {
        let queues = queues(1, lineLength: 1)
        let gate = Gate()
        #expect(submit(gate.work, to: queues))
        gate.entered.wait()
        let ran = Guarded<[Int]>([])
        let withdrawn = Work { ran.withLock { $0.append(2) } }
        #expect(submit(withdrawn, to: queues))
        #expect(!submit(Work {}, to: queues))
        #expect(queues.withdraw(withdrawn))
        #expect(!queues.withdraw(withdrawn))
        let done = DispatchSemaphore(value: 0)
        #expect(
            submit(
                Work {
                    ran.withLock { $0.append(4) }
                    done.signal()
                }, to: queues))
        gate.leave.signal()
        done.wait()
        #expect(ran.withLock { $0 } == [4])
    }

    @Test func whatIsSubmittedTogetherStartsTogether() {
        let queues = queues(3, lineLength: 10)
        let gate = Gate()
        // All are in the line before one start; each queue that comes sends for the next.
        for _ in 0..<5 { #expect(queues.submit(gate.work)) }
        #expect(queues.load == (3, 2))
        queues.start()
        for _ in 0..<3 { gate.entered.wait() }
        #expect(queues.load == (3, 2))
        for _ in 0..<5 { gate.leave.signal() }
        for _ in 0..<2 { gate.entered.wait() }
    }

    @Test func startingWithNothingToDoLeavesTheQueuesIdle() {
        let queues = queues(1, lineLength: 0)
        queues.start()
        #expect(queues.load == (0, 0))
        let done = DispatchSemaphore(value: 0)
        #expect(submit(Work { done.signal() }, to: queues))
        done.wait()
    }
}
