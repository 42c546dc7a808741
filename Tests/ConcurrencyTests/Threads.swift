import Concurrency
import Foundation

/// Real threads for tests: neither Swift's own pool nor Dispatch promises that two bodies run at the same time.
enum Threads {
    /// Runs `body(0) … body(count - 1)` on a thread each and returns when all have ended.
    static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let running = (0..<count).map { number in Running { body(number) } }
        for thread in running { thread.join() }
    }

    /// One thread that has been started.
    final class Running: Sendable {
        private let isDone = Guarded(false)
        private let done = Condition()

        init(_ body: @escaping @Sendable () -> Void) {
            Thread.detachNewThread { [isDone, done] in
                body()
                isDone.withLock { $0 = true }
                done.notifyAll()
            }
        }

        func join() {
            _ = isDone.wait(for: done) { $0 ? true : nil }
        }
    }
}
