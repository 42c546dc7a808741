import Concurrency
import Dispatch
import Testing

@testable import HTTPServer

@Suite struct HandlerQueuesTests {
    /// Work that says that it runs and then waits to be let go.
    private final class Gate: Sendable {
        let entered = DispatchSemaphore(value: 0)
        let leave = DispatchSemaphore(value: 0)

        var work: @Sendable () -> Void {
            {
                self.entered.signal()
                self.leave.wait()
            }
        }
    }

    @Test func runsAsManyAsItHasQueuesAndRefusesBeyondTheLine() {
        let queues = HandlerQueues(label: "test", count: 2, lineLength: 3)
        let gate = Gate()
        for id in 0..<2 { #expect(queues.submit(UInt64(id), gate.work)) }
        for _ in 0..<2 { gate.entered.wait() }
        for id in 2..<5 { #expect(queues.submit(UInt64(id), gate.work)) }
        #expect(queues.load == (2, 3))
        #expect(!queues.submit(5, gate.work))
        gate.leave.signal()
        gate.entered.wait()
        #expect(queues.load == (2, 2))
        #expect(queues.submit(6, gate.work))
        for _ in 0..<5 { gate.leave.signal() }
        for _ in 0..<3 { gate.entered.wait() }
    }

    @Test func nothingWaitsBehindALongRequestWhileAQueueIsIdle() {
        let queues = HandlerQueues(label: "test", count: 2, lineLength: 10)
        let long = Gate()
        #expect(queues.submit(1, long.work))
        long.entered.wait()
        let done = DispatchSemaphore(value: 0)
        for id in 2..<10 {
            #expect(queues.submit(UInt64(id)) { done.signal() })
        }
        for _ in 2..<10 { done.wait() }
        long.leave.signal()
    }

    @Test func withdrawnWorkNeverRunsAndFreesItsPlace() {
        let queues = HandlerQueues(label: "test", count: 1, lineLength: 1)
        let gate = Gate()
        #expect(queues.submit(1, gate.work))
        gate.entered.wait()
        let ran = Guarded<[Int]>([])
        #expect(queues.submit(2) { ran.withLock { $0.append(2) } })
        #expect(!queues.submit(3) {})
        queues.withdraw(2)
        let done = DispatchSemaphore(value: 0)
        #expect(
            queues.submit(4) {
                ran.withLock { $0.append(4) }
                done.signal()
            })
        gate.leave.signal()
        done.wait()
        #expect(ran.withLock { $0 } == [4])
    }
}
