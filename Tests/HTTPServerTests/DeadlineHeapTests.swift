import Concurrency
import TestSupport
import Testing

@testable import HTTPServer

@Suite struct DeadlineHeapTests {
    private func instant(_ nanoseconds: UInt64) -> Instant { Instant(nanoseconds: nanoseconds) }

    @Test func givesAlarmsInOrderOfTime() {
        var random = SplitMix64(seed: 1)
        var heap = DeadlineHeap()
        let times = (0..<500).map { _ in UInt64.random(in: 0..<100, using: &random) }
        for (id, time) in times.enumerated() { heap.set(UInt64(id), at: instant(time)) }
        var taken: [UInt64] = []
        while let id = heap.takeDue(at: instant(100)) { taken.append(times[Int(id)]) }
        #expect(taken == times.sorted())
        #expect(heap.count == 0)
    }

    @Test func givesNothingBeforeItsTime() {
        var heap = DeadlineHeap()
        heap.set(7, at: instant(50))
        #expect(heap.earliest == instant(50))
        #expect(heap.takeDue(at: instant(49)) == nil)
        #expect(heap.takeDue(at: instant(50)) == 7)
        #expect(heap.earliest == nil)
    }

    @Test func keepsItsOrderWhenTheDeadAreTakenOut() {
        var random = SplitMix64(seed: 2)
        var heap = DeadlineHeap()
        for id in 0..<200 { heap.set(UInt64(id), at: instant(UInt64.random(in: 0..<1000, using: &random))) }
        heap.keep { $0.isMultiple(of: 3) }
        #expect(heap.count == 67)
        var last = instant(0)
        while let earliest = heap.earliest {
            #expect(earliest >= last)
            last = earliest
            #expect(heap.takeDue(at: earliest)?.isMultiple(of: 3) == true)
        }
    }
}
