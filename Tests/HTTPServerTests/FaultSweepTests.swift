import Concurrency
import Foundation
import Testing

@testable import HTTPServer

/// Every system call fails with everything it may fail with, at every time: the server goes on or says why it does not.
@Suite(.timeLimit(.minutes(5))) struct FaultSweepTests {
    @Test(arguments: FaultTrial.faults)
    func survivesAFailureOfTheNthCall(fault: FaultTrial.Fault) throws {
        var number = 0
        while true {
            let faults = Faults()
            faults.fail(fault.call, with: fault.errno, times: 1, after: number)
            _ = try FaultTrial().run(faults)
            // A run with fewer calls: each of them has failed once.
            if faults.areLeft { break }
            number += 1
            // Calls that wait for whatever comes are as many as the scheduler likes.
            if number > 40 { break }
        }
        #expect(number > 0, "nothing was tried")
    }

    @Test(arguments: FaultTrial.faults)
    func survivesFailuresOfTheFirstCalls(fault: FaultTrial.Fault) throws {
        for times in 1...4 {
            let faults = Faults()
            faults.fail(fault.call, with: fault.errno, times: times)
            _ = try FaultTrial().run(faults)
        }
    }

    /// In a process of its own, where nobody else opens descriptors.
    @Test func leavesNoDescriptorOpen() async {
        await #expect(processExitsWith: .success) {
            // What is opened once and kept (Dispatch's queue of events, say) is opened here.
            _ = try FaultTrial().run(Faults())
            let before = try openDescriptors()
            for fault in FaultTrial.faults {
                for number in 0..<2 {
                    let faults = Faults()
                    faults.fail(fault.call, with: fault.errno, times: 1, after: number)
                    _ = try FaultTrial().run(faults)
                }
            }
            // The last server's thread ends a moment after it has said that it stops.
            let limit = MonotonicTime().now + .seconds(20)
            while try openDescriptors() > before, MonotonicTime().now < limit { sched_yield() }
            let after = try openDescriptors()
            precondition(after <= before, "\(after) descriptors are open, and \(before) were")
        }
    }
}

private func openDescriptors() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
}
