import Concurrency
import Testing

@testable import SwitchbackCommand

/// How far long work is, as people see it.
struct ProgressTests {
    private func line(_ done: Int, _ total: Int, before: Int = 0, after seconds: Double) -> ProgressLine {
        ProgressLine(title: "occlusion", done: done, total: total, before: before, elapsed: seconds)
    }

    @Test func saysShareRateAndWhatIsLeft() {
        #expect(line(0, 100, after: 1).plain == "occlusion: 0 of 100")
        #expect(line(25, 100, after: 10).plain == "occlusion: 25 of 100  2.5/s  30 s left")
        #expect(line(112, 1120, after: 5.6).plain == "occlusion: 112 of 1120  20/s  51 s left")
        #expect(line(50, 100, after: 100).bar.hasPrefix("occlusion ███████████████░░░░░░░░░░░░░░░ 50 %  0.5/s"))
    }

    @Test func countsWhatWasDoneBeforeForNothing() {
        #expect(line(60, 100, before: 50, after: 10).plain == "occlusion: 60 of 100  1.0/s  40 s left")
        #expect(line(50, 100, before: 50, after: 10).plain == "occlusion: 50 of 100")
    }

    @Test func writesTimesShort() {
        #expect(ProgressLine.duration(0.2) == "1 s")
        #expect(ProgressLine.duration(200) == "3 min 20 s")
        #expect(ProgressLine.duration(7500) == "2 h 5 min")
        #expect(ProgressLine.duration(.infinity) == "long")
    }

    @Test func isRedrawnOnATerminalAndWrittenSeldomElsewhere() {
        for (isTerminal, isPlain, expected) in [(true, true, 5), (false, true, 2), (false, false, 0)] {
            let time = ManualTime()
            let written = Guarded<[String]>([])
            let bar = ProgressBar(title: "x", isPlain: isPlain, isTerminal: isTerminal, time: time) { text in
                written.withLock { $0.append(text) }
            }
            // Short work leaves the terminal as it was.
            bar.show(done: 0, total: 10)
            time.advance(by: .seconds(1))
            for done in 1...3 {
                bar.show(done: done, total: 10)
                bar.show(done: done, total: 10)
                time.advance(by: .seconds(1))
            }
            time.advance(by: .seconds(10))
            bar.show(done: 9, total: 10)
            bar.clear()
            #expect(written.withLock(\.count) == expected)
        }
    }
}
