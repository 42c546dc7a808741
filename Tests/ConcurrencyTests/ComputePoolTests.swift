import Concurrency
import Glibc
import Testing

struct CurrentTestThread: Equatable {
    private let thread = pthread_self()

    static func == (left: CurrentTestThread, right: CurrentTestThread) -> Bool {
        pthread_equal(left.thread, right.thread) != 0
    }
}

/// Holds the pool's turn on a thread of its own until told to let go.
private final class Holder: Sendable {
    private let isReleased = Guarded(false)
    private let released = Condition()
    private let thread: Threads.Running

    init(_ pool: ComputePool) {
        let (isReleased, released) = (isReleased, released)
        let holds = Guarded(false)
        let held = Condition()
        thread = Threads.Running {
            try? pool.turn(priority: .background, token: .never) { _ in
                holds.withLock { $0 = true }
                held.notifyAll()
                _ = isReleased.wait(for: released) { $0 ? true : nil }
            }
        }
        _ = holds.wait(for: held) { $0 ? true : nil }
    }

    func release() {
        isReleased.withLock { $0 = true }
        released.notifyAll()
        thread.join()
    }
}

/// What became of a turn that a thread of its own asked for.
private final class Asking: Sendable {
    private let outcome = Guarded<Stopped?>(nil)
    private let thread: Threads.Running

    init(
        _ pool: ComputePool, _ priority: Priority = .interactive, _ token: CancellationToken = .never,
        _ work: @escaping @Sendable () -> Void = {}
    ) {
        thread = Threads.Running { [outcome] in
            do {
                try pool.turn(priority: priority, token: token) { _ in work() }
            } catch {
                outcome.withLock { $0 = error as? Stopped }
            }
        }
    }

    /// Waits for the end; why the turn was not given, nil if it was.
    func end() -> Stopped? {
        thread.join()
        return outcome.withLock { $0 }
    }
}

@Suite struct ComputePoolTests {
    private let pool = ComputePool(threads: 2)

    @Test func returnsWhatTheWorkReturnsAndThrows() throws {
        struct Fault: Error {}
        #expect(try pool.turn(priority: .interactive, token: .never) { _ in 42 } == 42)
        #expect(throws: Fault.self) { try pool.turn(priority: .interactive, token: .never) { _ in throw Fault() } }
        #expect(try pool.turn(priority: .interactive, token: .never) { _ in 43 } == 43)
    }

    @Test func oneTurnAtATime() {
        let inside = Guarded(0)
        let pool = pool
        Threads.run(6) { _ in
            for _ in 0..<200 {
                try? pool.turn(priority: .interactive, token: .never) { team in
                    #expect(
                        inside.withLock {
                            $0 += 1; return $0
                        } == 1)
                    team.forEach(4) { _ in #expect(inside.withLock { $0 } == 1) }
                    inside.withLock { $0 -= 1 }
                }
            }
        }
        #expect(pool.waiting == 0)
    }

    @Test func interactiveGoesBeforeBackgroundAndFirstComeFirstServed() {
        let holder = Holder(pool)
        let order = Guarded<[String]>([])
        var asking: [Asking] = []
        let wanted: [(String, Priority)] = [
            ("b1", .background), ("i1", .interactive), ("b2", .background), ("i2", .interactive), ("i3", .interactive),
        ]
        for (name, priority) in wanted {
            asking.append(Asking(pool, priority) { order.withLock { $0.append(name) } })
            pool.awaitWaiting(asking.count)
        }
        #expect(pool.waiting == 5)
        holder.release()
        for one in asking { #expect(one.end() == nil) }
        #expect(order.withLock { $0 } == ["i1", "i2", "i3", "b1", "b2"])
    }

    @Test func aCancelledWaiterLeavesTheQueueAtOnce() {
        let holder = Holder(pool)
        let token = CancellationToken()
        let asking = Asking(pool, .interactive, token)
        pool.awaitWaiting(1)
        token.cancel()
        #expect(asking.end() == .cancelled)
        #expect(pool.waiting == 0)
        holder.release()
    }

    @Test func aWaiterLeavesAtItsDeadline() {
        let holder = Holder(pool)
        let time = ManualTime()
        let manual = Asking(pool, .interactive, CancellationToken(deadline: time.now + .seconds(5), time: time))
        pool.awaitWaiting(1)
        time.advance(by: .seconds(4))
        #expect(pool.waiting == 1)
        time.advance(by: .seconds(1))
        #expect(manual.end() == .deadlineExceeded)

        let start = MonotonicTime().now
        let real = Asking(pool, .interactive, CancellationToken(deadline: start + .milliseconds(5)))
        #expect(real.end() == .deadlineExceeded)
        #expect(pool.waiting == 0)
        holder.release()
    }

    @Test func aStoppedTokenGetsNoTurn() {
        let token = CancellationToken()
        token.cancel()
        #expect(throws: Stopped.cancelled) { try pool.turn(priority: .interactive, token: token) { _ in } }
        let time = ManualTime()
        let late = CancellationToken(deadline: time.now, time: time)
        #expect(throws: Stopped.deadlineExceeded) { try pool.turn(priority: .interactive, token: late) { _ in } }
    }

    @Test func aTurnLeavesNoHandlerWithItsToken() {
        let holder = Holder(pool)
        let token = CancellationToken()
        let asking = Asking(pool, .background, token)
        pool.awaitWaiting(1)
        holder.release()
        #expect(asking.end() == nil)
        #expect(token.handlerCount == 0)
    }

    @Test func shuttingDownStopsThoseWhoWait() {
        let pool = ComputePool(threads: 4)
        let holder = Holder(pool)
        let asking = [Asking(pool), Asking(pool, .background)]
        pool.awaitWaiting(2)
        let stopping = Threads.Running { pool.shutDown() }
        for one in asking { #expect(one.end() == .cancelled) }
        holder.release()
        stopping.join()
        #expect(throws: Stopped.cancelled) { try pool.turn(priority: .interactive, token: .never) { _ in } }
        pool.shutDown()
    }

    @Test func poolsComeAndGoInAnyNumber() throws {
        for round in 0..<100 {
            let pool = ComputePool(threads: round % 5 + 1)
            if round % 2 == 0 {
                try pool.turn(priority: .interactive, token: .never) { $0.forEach(8) { _ in } }
            }
        }
    }

    @Test func trapsOnATurnWithinATurn() async {
        await #expect(processExitsWith: .failure) {
            let pool = ComputePool(threads: 2)
            try pool.turn(priority: .interactive, token: .never) { _ in
                try pool.turn(priority: .interactive, token: .never) { _ in }
            }
        }
    }
}
