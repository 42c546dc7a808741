import Synchronization

/// The worker threads' side of a compute pool: hands the parts of one loop at a time to whoever is awake.
///
/// A fork publishes the loop and opens a gate. A worker that sees the gate open passes it, counted, and takes parts, as
/// the forking thread does itself: first those of its own share, then what others have left of theirs. When no parts are
/// left the forking thread closes the gate and waits for the workers inside; one that comes late finds the gate closed. So
/// a fork never waits for a worker that is asleep or was set aside by the system, and whoever is inside may read the loop
/// without a lock.
///
/// Shares are the same from fork to fork, so that loops over the same places find what a thread has written in the cache of
/// its own core: from another core's it comes at a quarter of the speed.
final class ForkJoin {
    /// How long a thread spins for the next fork, or for the last worker, before it sleeps: as long as the last part of a
    /// loop may take, since a worker that has gone to sleep costs the forking thread a call to wake it and comes 25 µs late.
    private static let spinning = Timeout(nanoseconds: 200_000)

    /// The forking thread and the workers.
    let threads: Int

    private let gate = Atomic<UInt64>(0)
    private let isForking = Atomic<Bool>(false)
    private let turn = Atomic<UInt64>(0)
    private let sleepers = Atomic<Int>(0)
    private let joinerSleeps = Atomic<Bool>(false)

    /// Whether the workers are to end; its lock is also the one that all sleep under.
    private let isStopping = Guarded(false)
    private let opened = Condition()
    private let emptied = Condition()

    /// The parts that a thread begins with.
    private final class Share {
        /// The first that nobody has taken.
        let next = Atomic<Int>(0)
        var end = 0
        /// Keeps what different threads count with out of each other's cache lines.
        private let padding = InlineArray<12, Int>(repeating: 0)
    }

    // The loop: its shares, one a thread, are written while the gate is closed and nobody inside, read by those inside.
    private let shares: [Share]
    private var body: (@Sendable (Int) -> Void)?

    init(threads: Int) {
        self.threads = threads
        shares = (0..<threads).map { _ in Share() }
    }

    /// The gate's word: the workers inside, whether it is open, whether a turn is in progress, and which fork it is.
    private struct Gate {
        static let inside: UInt64 = 0xFFFF
        static let open: UInt64 = 1 << 16
        static let inTurn: UInt64 = 1 << 17
        static let firstFork: UInt64 = 1 << 18

        let word: UInt64
        var isEmpty: Bool { word & Gate.inside == 0 }
        var isOpen: Bool { word & Gate.open != 0 }
        var isInTurn: Bool { word & Gate.inTurn != 0 }
        var fork: UInt64 { word / Gate.firstFork }
    }

    /// Lets workers spin between the forks of this turn.
    func begin(turn number: UInt64) {
        turn.store(number, ordering: .relaxed)
        gate.bitwiseOr(Gate.inTurn, ordering: .relaxed)
    }

    /// Sends spinning workers to sleep, unless another turn follows at once.
    func end(isLast: Bool) {
        turn.store(0, ordering: .relaxed)
        if isLast { gate.bitwiseAnd(~Gate.inTurn, ordering: .relaxed) }
    }

    /// Runs `body(0) … body(parts - 1)` on the forking thread and the workers that are free.
    func run(turn number: UInt64, parts: Int, body: @Sendable (Int) -> Void) {
        precondition(turn.load(ordering: .relaxed) == number, "a compute team was used after its turn")
        if isForking.exchange(true, ordering: .acquiring) {
            // A loop within a loop: the threads are taken, so this one does it alone.
            for part in 0..<parts { body(part) }
            return
        }
        withoutActuallyEscaping(body) { body in
            for (thread, share) in shares.enumerated() {
                share.next.store(parts * thread / threads, ordering: .relaxed)
                share.end = parts * (thread + 1) / threads
            }
            self.body = body
            let last = Gate(word: gate.load(ordering: .relaxed))
            let word = (last.fork &+ 1) &* Gate.firstFork | Gate.open | Gate.inTurn
            gate.store(word, ordering: .sequentiallyConsistent)
            wakeWorkers(atMost: parts - 1)
            takeParts(0)
            close()
            self.body = nil
        }
        isForking.store(false, ordering: .releasing)
    }

    private func wakeWorkers(atMost count: Int) {
        let asleep = sleepers.load(ordering: .sequentiallyConsistent)
        if asleep == 0 { return }
        // Taking the lock once makes sure that a worker which has not seen the gate open is by now truly asleep.
        isStopping.withLock { _ in }
        if asleep <= count {
            opened.notifyAll()
        } else {
            for _ in 0..<count { opened.notifyOne() }
        }
    }

    /// Works on the loop, beginning with the share of this thread's number, until no part is left.
    ///
    /// Not inlined, so that no reference to the body survives the return.
    @inline(never)
    private func takeParts(_ number: Int) {
        guard let body else { preconditionFailure("a gate was open without a loop behind it") }
        for offset in 0..<threads {
            let share = shares[(number + offset) % threads]
            let end = share.end
            while share.next.load(ordering: .relaxed) < end {
                let part = share.next.wrappingAdd(1, ordering: .relaxed).oldValue
                if part >= end { break }
                body(part)
            }
        }
    }

    private func close() {
        var state = Gate(word: gate.bitwiseAnd(~Gate.open, ordering: .acquiringAndReleasing).newValue)
        if state.isEmpty { return }
        let time = MonotonicTime()
        let limit = time.now + ForkJoin.spinning
        while time.now < limit {
            state = Gate(word: gate.load(ordering: .acquiring))
            if state.isEmpty { return }
        }
        joinerSleeps.store(true, ordering: .sequentiallyConsistent)
        _ = isStopping.wait(for: emptied) { _ in
            Gate(word: gate.load(ordering: .sequentiallyConsistent)).isEmpty ? true : nil
        }
        joinerSleeps.store(false, ordering: .relaxed)
    }

    /// The life of the worker thread of this number, from 1 on, until ``stop()``.
    func work(as number: Int) {
        var seen: UInt64 = 0
        while true {
            if enter(&seen) {
                takeParts(number)
                leave()
            } else if !sleep(seen) {
                return
            }
        }
    }

    /// Passes the gate when it opens, or gives up when nothing comes for a while or the turn is over.
    private func enter(_ seen: inout UInt64) -> Bool {
        let time = MonotonicTime()
        let limit = time.now + ForkJoin.spinning
        repeat {
            let word = gate.load(ordering: .acquiring)
            let state = Gate(word: word)
            if state.isOpen && state.fork != seen {
                let (passed, _) = gate.compareExchange(
                    expected: word, desired: word + 1, ordering: .sequentiallyConsistent)
                if passed {
                    seen = state.fork
                    return true
                }
            } else if !state.isInTurn {
                return false
            }
        } while time.now < limit
        return false
    }

    private func leave() {
        let state = Gate(word: gate.wrappingSubtract(1, ordering: .sequentiallyConsistent).newValue)
        if state.isEmpty && joinerSleeps.load(ordering: .sequentiallyConsistent) {
            isStopping.withLock { _ in }
            emptied.notifyAll()
        }
    }

    /// Sleeps until the gate opens; false when the worker is to end.
    private func sleep(_ seen: UInt64) -> Bool {
        sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
        defer { sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent) }
        return isStopping.wait(for: opened) { isStopping in
            if isStopping { return false }
            let state = Gate(word: gate.load(ordering: .sequentiallyConsistent))
            return state.isOpen && state.fork != seen ? true : nil
        } ?? false
    }

    /// Makes the workers end; no turn may be in progress.
    func stop() {
        isStopping.withLock { $0 = true }
        opened.notifyAll()
    }
}

// @unchecked because shares and body are written only while the gate is closed and nobody is inside, by the one thread
// that forks, and read only by those inside; opening and closing the gate order the two.
extension ForkJoin: @unchecked Sendable {}
