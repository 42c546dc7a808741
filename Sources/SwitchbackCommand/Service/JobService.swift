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
    private let events: JobEventStreams

    /// A service that works from now on; heartbeats come fifteen times in a lease's time.
    ///
    /// - Parameters:
    ///   - role: what the process is called in the leases of its worker, before the machine and its number.
    ///   - job: the only job that it works on; nil for all that it can do.
    init(
        _ parts: JobParts, role: String, job: JobID? = nil, settings: ServiceSettings, metrics: JobMetrics? = nil,
        logger: Logger
    ) {
        self.parts = parts
        self.logger = logger
        let events = JobEventStreams(parts.jobs, maximum: settings.maximumEventStreams)
        self.events = events
        let worker = Worker(
            name: "\(role)-\(Machine.name)-\(ProcessInfo.processInfo.processIdentifier)", store: parts.store,
            runner: Self.runner(parts, threads: settings.threads, logger),
            settings: WorkerSettings(leaseMilliseconds: Self.leaseMilliseconds, job: job),
            surroundings: Surroundings(now: parts.now), logger: logger,
            observer: WorkerObserver(
                outcome: { outcome in
                    metrics?.observe(outcome)
                    if let job = outcome.job { events.changed(job.text) }
                }, claimed: { metrics?.claimed(in: $0) }))
        self.worker = worker
        listener = parts.listener {
            worker.wakeUp.notify()
            // The job in hand may be what was cancelled.
            worker.heartbeat()
        }
        timers = Self.duties(parts, worker, events, metrics, age: settings.jobAge, logger)
        start()
    }

    /// What does the shards: in turns with the other workers of a machine where this process may use all of its cores.
    ///
    /// Where it may not, the machine's cores are not what its worker shares with others.
    private static func runner(_ parts: JobParts, threads: Int, _ logger: Logger) -> any ShardRunner {
        let cores = ComputePool.coresOfMachine
        guard ComputePool.availableCores == cores else { return parts.jobs.runner }
        return CoreSharingRunner(parts.jobs.runner, cores: MachineCores(count: cores), threads: threads, logger: logger)
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
            parts.jobs, events: events, added: { [worker] in worker.wakeUp.notify() },
            cancelled: { [worker] id in
                if let id = JobID(id) { worker.stopWork(on: id) }
            })
    }

    /// Has the work on a job stop, within a slice: it was cancelled.
    func stopWork(on job: JobID) { worker.stopWork(on: job) }

    /// Has the worker give its shard back, within a slice.
    func stop() { stopped.cancel() }

    /// Waits until it has.
    func waitUntilStopped() { ended.wait() }

    private static func duties(
        _ parts: JobParts, _ worker: Worker, _ events: JobEventStreams, _ metrics: JobMetrics?, age: Timeout,
        _ logger: Logger
    ) -> [DutyTimer] {
        func duty(_ name: String, every seconds: Int, _ body: @escaping @Sendable () throws -> Void) -> DutyTimer {
            // A duty that fails is tried again the next time.
            let complaint = Complaint("\(name) jobs", logger)
            return DutyTimer(every: .seconds(seconds)) {
                do {
                    try body()
                    complaint.worked()
                } catch {
                    complaint.failed(error)
                }
            }
        }
        var timers = [
            // A job that another process has cancelled in a file is stopped as late as this.
            DutyTimer(every: .seconds(1)) { worker.heartbeat() },
            duty("asking for the time of", every: 3) { try parts.lookAtClock() },
            duty("rescuing", every: 3) {
                if try LeaseRescue(parts.store).runOnce(now: parts.now()) > 0 { worker.wakeUp.notify() }
            },
            // Jobs that other processes hand in may be for models that no job has been for.
            duty("looking for models of", every: 3) { try parts.learn(worker.wakeUp) },
            duty("looking for data sets of", every: 600) { try parts.jobs.tidyDatasets() },
            // What other processes do is seen as late as this; what this one does, at once.
            duty("watching", every: 1) { try events.look() },
        ]
        if age.nanoseconds > 0 { timers.append(duty("pruning", every: 60) { try prune(parts, age) }) }
        if let metrics {
            timers.append(duty("counting", every: 10) { try metrics.look(at: parts.store, now: parts.now()) })
        }
        return timers
    }

    private static func prune(_ parts: JobParts, _ age: Timeout) throws {
        let milliseconds = Int64(age.nanoseconds / 1_000_000)
        if try JobPruning(parts.store, maximumAge: milliseconds).runOnce(now: parts.now()) > 0 { try parts.vacuum() }
    }
}
