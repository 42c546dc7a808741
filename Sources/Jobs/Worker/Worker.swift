public import Concurrency
public import Logging

/// Claims shards, has them done, and commits their results, one after the other.
///
/// It loses nothing when it is killed: the shard it was at is given to another when its lease has run out, and a result
/// that comes too late is not counted.
public final class Worker: Sendable {
    /// What became of one look for work.
    public enum Outcome: Equatable, Sendable {
        /// Nothing waits that it can do.
        case idle
        /// A shard of this job was done and counts.
        case committed(JobID)
        /// A shard of this job failed.
        case failed(JobID)
        /// The lease was lost: the job was cancelled, or the worker too late.
        case lost(JobID)
        /// The worker is to stop and gave its shard back.
        case gaveBack(JobID)
        /// The store did not do what it was asked.
        case storeFailed(JobsError)

        /// The job that it happened to.
        public var job: JobID? {
            switch self {
            case .idle, .storeFailed: nil
            case .committed(let job), .failed(let job), .lost(let job), .gaveBack(let job): job
            }
        }
    }

    /// Whom to tell when there may be work.
    public let wakeUp: WakeUp
    private let name: String
    private let store: any JobStore
    private let runner: any ShardRunner
    private let settings: WorkerSettings
    private let surroundings: Surroundings
    private let logger: Logger
    private let observer: WorkerObserver
    private let complaint: Complaint
    private let current = Guarded<Current?>(nil)
    /// Leases of shards that are to be given back when the store works again.
    private let owed = Guarded<[LeaseToken]>([])

    /// The shard in hand.
    private struct Current {
        let job: JobID
        let lease: LeaseToken
        /// Stops the work on it.
        let token: CancellationToken
        var isLost = false
    }

    /// A worker called `name`, which no other one has.
    public init(
        name: String, store: any JobStore, runner: any ShardRunner, settings: WorkerSettings = WorkerSettings(),
        surroundings: Surroundings, logger: Logger, wakeUp: WakeUp = WakeUp(),
        observer: WorkerObserver = WorkerObserver()
    ) {
        self.name = name
        self.store = store
        self.runner = runner
        self.settings = settings
        self.surroundings = surroundings
        self.logger = logger
        self.wakeUp = wakeUp
        self.observer = observer
        complaint = Complaint("the store of jobs", logger)
    }

    /// Works on the calling thread until `stop` is cancelled; the shard in hand is then given back.
    public func run(until stop: CancellationToken) {
        defer { runner.rest() }
        while !stop.isCancelled {
            let seen = wakeUp.calls
            switch runOnce(stop: stop) {
            case .idle, .storeFailed: wakeUp.wait(beyond: seen, for: settings.pollInterval, token: stop)
            case .committed, .failed, .lost, .gaveBack: continue
            }
        }
    }

    /// Does one shard, if any waits.
    public func runOnce(stop: CancellationToken = .never) -> Outcome {
        let outcome = attempt(stop: stop)
        switch outcome {
        case .storeFailed(let error):
            runner.rest()
            complaint.failed(error)
        case .idle:
            runner.rest()
            complaint.worked()
        case .committed, .failed, .gaveBack: complaint.worked()
        // The store may have been of no use meanwhile.
        case .lost: break
        }
        observer.outcome(outcome)
        return outcome
    }

    private func attempt(stop: CancellationToken) -> Outcome {
        let lease = Lease(token: surroundings.newLease(), worker: name, until: leaseEnd)
        let request = ClaimRequest(
            kinds: runner.kinds, requirements: runner.requirements, lease: lease, perClient: settings.perClient,
            job: settings.job)
        do throws(JobsError) {
            try giveBackWhatIsOwed()
            let start = MonotonicTime().now
            let claimed = try store.claim(request, now: surroundings.now())
            observer.claimed(MonotonicTime().now - start)
            guard let shard = claimed else { return .idle }
            return try perform(shard, stop: stop)
        } catch {
            return .storeFailed(error)
        }
    }

    /// Extends the lease of the shard in hand; stops the work on it where the lease is lost.
    ///
    /// Where none is in hand the runner rests: the store may take long to answer. To be called several times in a lease's time, on any thread.
    public func heartbeat() {
        guard let held = current.withLock({ $0 }) else { return runner.rest() }
        do throws(JobsError) {
            if try store.heartbeat([held.lease], until: leaseEnd).contains(held.lease) { return }
            abandon { $0.lease == held.lease }
        } catch {
            logger.error("a heartbeat failed", metadata: ["error": "\(error)", "job": "\(held.job)"])
        }
    }

    /// Stops the work on a job that was cancelled, within a slice; without this the next heartbeat finds out.
    public func stopWork(on job: JobID) { abandon { $0.job == job } }

    private var leaseEnd: WallTime { surroundings.now().advanced(byMilliseconds: settings.leaseMilliseconds) }

    private func abandon(where isMeant: (Current) -> Bool) {
        let token: CancellationToken? = current.withLock { current in
            guard let held = current, isMeant(held) else { return nil }
            current?.isLost = true
            return held.token
        }
        token?.cancel()
    }
}

extension Worker {
    fileprivate func perform(_ shard: ClaimedShard, stop: CancellationToken) throws(JobsError) -> Outcome {
        let token = CancellationToken()
        let registration = stop.onCancel { token.cancel() }
        defer { stop.remove(registration) }
        current.withLock { $0 = Current(job: shard.job.id, lease: shard.lease.token, token: token) }
        let result = Result { try runner.run(shard, token: token) }
        let isLost = current.withLock { current in
            defer { current = nil }
            return current?.isLost ?? false
        }
        if isLost { return .lost(shard.job.id) }
        switch result {
        case .success(let bytes): return try commit(bytes, of: shard)
        case .failure(let error) where error is Stopped && stop.isCancelled:
            try store.giveBack([shard.lease.token], now: surroundings.now())
            return .gaveBack(shard.job.id)
        case .failure(let error): return try fail(shard, error)
        }
    }

    private func commit(_ bytes: [UInt8], of shard: ClaimedShard) throws(JobsError) -> Outcome {
        do throws(JobsError) {
            try store.commit(bytes, of: shard.lease.token, now: surroundings.now())
            return .committed(shard.job.id)
        } catch {
            if case .leaseLost = error { return lost(shard) }
            // Refused by a store that works, it would be computed again for ever if that were no attempt.
            if case .failed = error, let outcome = try? fail(shard, error) { return outcome }
            // The result could not be kept, and that is no fault of the shard's. Most likely the store takes nothing
            // else just now: the shard is then given back before the next is claimed, unless rescue was faster.
            owed.withLock { $0.append(shard.lease.token) }
            try giveBackWhatIsOwed()
            throw error
        }
    }

    private func giveBackWhatIsOwed() throws(JobsError) {
        let leases = owed.withLock { $0 }
        guard !leases.isEmpty else { return }
        try store.giveBack(leases, now: surroundings.now())
        owed.withLock { $0.removeAll() }
    }

    private func fail(_ shard: ClaimedShard, _ error: any Error) throws(JobsError) -> Outcome {
        let now = surroundings.now()
        let wait = settings.backoff.wait(afterAttempt: shard.attempt, fraction: surroundings.fraction())
        let failure =
            error as? ShardFailure
            ?? ShardFailure(
                reason: (error as? any InsideError)?.publicReason ?? "\(error)",
                retry: now.advanced(byMilliseconds: wait))
        logger.warning(
            "a shard failed",
            metadata: [
                "job": "\(shard.job.id)", "shard": "\(shard.index)",
                "error": "\((error as? ShardFailure)?.reason ?? "\(error)")",
            ])
        do throws(JobsError) {
            try store.fail(shard.lease.token, failure, now: now)
            return .failed(shard.job.id)
        } catch {
            if case .leaseLost = error { return lost(shard) }
            throw error
        }
    }

    private func lost(_ shard: ClaimedShard) -> Outcome {
        logger.warning(
            "a lease was lost, and its result is not counted",
            metadata: ["job": "\(shard.job.id)", "shard": "\(shard.index)"])
        return .lost(shard.job.id)
    }
}
