import Concurrency
import Dispatch
import Foundation
import Jobs
import Logging
import PostgresStore
import Switchback
import WebService

/// The worker of a process, and the duties that go with the store.
final class JobService: Sendable {
    /// How long a lease holds: as late is the shard done that this process was killed at.
    private static let leaseMilliseconds: Int64 = 15_000

    private let parts: JobParts
    private let worker: Worker
    private let stopped = CancellationToken()
    private let ended = DispatchGroup()
    private let logger: Logger
    private let timers: [DutyTimer]
    private let listener: JobListener?

    /// A service that works from now on; heartbeats come five times in a lease's time.
    ///
    /// - Parameter role: what the process is called in the leases of its worker, before the machine and its number.
    init(_ parts: JobParts, role: String, age: Timeout, logger: Logger) {
        self.parts = parts
        self.logger = logger
        let worker = Worker(
            name: "\(role)-\(Machine.name)-\(ProcessInfo.processInfo.processIdentifier)", store: parts.store,
            runner: parts.jobs.runner,
            settings: WorkerSettings(leaseMilliseconds: Self.leaseMilliseconds),
            surroundings: Surroundings(now: { WallTime.current }), logger: logger)
        self.worker = worker
        listener = parts.listener(worker.wakeUp)
        timers = [
            DutyTimer(every: .seconds(3)) { worker.heartbeat() },
            DutyTimer(every: .seconds(3)) {
                Self.doing("rescue", logger) {
                    if try LeaseRescue(parts.store).runOnce(now: .current) > 0 { worker.wakeUp.notify() }
                }
            },
            DutyTimer(every: .seconds(60)) { Self.prune(parts, age, logger) },
        ]
        start()
    }

    private func start() {
        ended.enter()
        let (worker, stopped, ended) = (worker, stopped, ended)
        let thread = Thread { @Sendable in
            worker.run(until: stopped)
            ended.leave()
        }
        thread.name = "worker"
        thread.start()
    }

    /// What the routes need.
    var routes: ServiceJobs {
        ServiceJobs(
            parts.jobs, added: { [worker] in worker.wakeUp.notify() },
            cancelled: { [worker] id in
                if let id = JobID(id) { worker.stopWork(on: id) }
            })
    }

    /// Has the worker give its shard back, within a slice.
    func stop() { stopped.cancel() }

    /// Waits until it has.
    func waitUntilStopped() { ended.wait() }

    private static func prune(_ parts: JobParts, _ age: Timeout, _ logger: Logger) {
        guard age.nanoseconds > 0 else { return }
        doing("pruning", logger) {
            let milliseconds = Int64(age.nanoseconds / 1_000_000)
            if try JobPruning(parts.store, maximumAge: milliseconds).runOnce(now: .current) > 0 { try parts.vacuum() }
        }
    }

    /// A duty that fails is tried again the next time.
    private static func doing(_ duty: String, _ logger: Logger, _ body: () throws -> Void) {
        do {
            try body()
        } catch {
            logger.error("\(duty) of jobs failed", metadata: ["error": "\(error)"])
        }
    }
}
