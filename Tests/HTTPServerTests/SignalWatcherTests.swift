import Glibc
import HTTPServer
import Testing

@Suite struct SignalWatcherTests {
    @Test func tellsOfSignalsInsteadOfEndingTheProcess() {
        let seen = Recorder<Int32>()
        let watcher = SignalWatcher([SIGUSR1, SIGUSR2]) { seen.append($0) }
        for round in 1...20 {
            #expect(kill(getpid(), SIGUSR1) == 0)
            #expect(seen.wait { $0.count == 2 * round - 1 && $0.last == SIGUSR1 })
            #expect(kill(getpid(), SIGUSR2) == 0)
            #expect(seen.wait { $0.count == 2 * round && $0.last == SIGUSR2 })
        }
        watcher.cancel()
    }
}
