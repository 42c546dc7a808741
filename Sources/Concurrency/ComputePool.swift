import Synchronization

/// The threads that compute: one turn at a time holds all of them.
///
/// Turns are given by priority, then first come first served. Since nothing else computes meanwhile, a turn's loops
/// have every core, and its results cannot depend on what else runs.
public final class ComputePool: Sendable {
    /// The threads that share the loops of a turn: the one that takes the turn, and `threads - 1` workers.
    public let threads: Int

    private let forkJoin: ForkJoin
    private let workers: [WorkerThread]
    private let queue = Guarded(TurnQueue())
    private let changed = Condition()
    private let isShutDown = Atomic<Bool>(false)
    private let owner = Guarded<CurrentThread?>(nil)

    /// A pool of so many threads, at least 1; its workers sleep until the first turn.
    public init(threads: Int) {
        precondition(threads >= 1 && threads <= 1024, "a compute pool of \(threads) threads")
        let forkJoin = ForkJoin(threads: threads)
        self.threads = threads
        self.forkJoin = forkJoin
        workers = (1..<threads).map { number in WorkerThread { forkJoin.work(as: number) } }
    }

    deinit {
        shutDown()
    }

    /// What `work` returns, run on the calling thread with the pool's threads as its team.
    ///
    /// Waits for its turn, at most until the token stops; throws ``Stopped`` then, and what `work` throws. Hold a turn
    /// for at most 50 ms: long sweeps take one a slice. A turn within a turn would wait for itself for ever and traps.
    public func turn<Result>(
        priority: Priority, token: CancellationToken, _ work: (ComputeTeam) throws -> Result
    ) throws -> Result {
        let thread = CurrentThread()
        precondition(
            owner.withLock { $0 != thread } && !workers.contains { $0.isCurrent }, "a turn was asked for within a turn")
        try token.check()
        let number = try waitForTurn(priority, token)
        owner.withLock { $0 = thread }
        forkJoin.begin(turn: number)
        defer { endTurn() }
        try token.check()
        return try work(ComputeTeam(forkJoin: forkJoin, turn: number))
    }

    /// How many wait for their turn.
    public var waiting: Int { queue.withLock { $0.count } }

    /// Ends the pool: waits for the turn in progress and joins the threads.
    ///
    /// Those who wait for a turn get ``Stopped/cancelled``. Not to be called within a turn; a second call does nothing.
    public func shutDown() {
        if isShutDown.exchange(true, ordering: .acquiringAndReleasing) { return }
        for waiter in queue.withLock({ $0.close() }) { waiter.condition.notifyAll() }
        _ = queue.wait(for: changed) { $0.holder == nil ? true : nil }
        forkJoin.stop()
        for worker in workers { worker.join() }
    }

    /// Returns once at least `count` wait for their turn; for tests.
    package func awaitWaiting(_ count: Int) {
        _ = queue.wait(for: changed) { $0.count >= count ? true : nil }
    }

    private func waitForTurn(_ priority: Priority, _ token: CancellationToken) throws(Stopped) -> UInt64 {
        let waiter = queue.withLock { $0.enter(priority) }
        if queue.withLock({ $0.holder == waiter.number }) { return waiter.number }
        changed.notifyAll()
        let registration = token.onChange { [queue] in
            // The lock makes sure that the waiter has either seen the change or is asleep by now.
            queue.withLock { _ in }
            waiter.condition.notifyAll()
        }
        defer { token.remove(registration) }
        while true {
            let outcome = queue.wait(for: waiter.condition, until: token.wakeUpTime) { queue -> Stopped?? in
                if queue.holder == waiter.number { return .some(nil) }
                guard let stopped = token.reason ?? (queue.isClosed ? .cancelled : nil) else { return nil }
                queue.remove(waiter.number)
                return stopped
            }
            guard let outcome else { continue }
            if let stopped = outcome {
                changed.notifyAll()
                throw stopped
            }
            return waiter.number
        }
    }

    private func endTurn() {
        owner.withLock { $0 = nil }
        let next = queue.withLock { queue in
            let next = queue.leave()
            forkJoin.end(isLast: next == nil)
            return next
        }
        next?.condition.notifyAll()
        changed.notifyAll()
    }
}
