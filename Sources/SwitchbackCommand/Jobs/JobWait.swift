import ArgumentParser
import Concurrency
import Foundation
import HTTPServer
import Jobs
import Logging
import Switchback

/// Works on a job, and on no other, in this process until it has ended, and shows how far it is.
///
/// Other processes with the same store may work on it too.
struct JobWait {
    /// Ctrl-C, as shells tell it.
    private static let interrupted: Int32 = 128 + SIGINT

    private let parts: JobParts
    private let settings: ServiceSettings
    private let title: String

    init(_ parts: JobParts, _ settings: ServiceSettings, title: String) {
        self.parts = parts
        self.settings = settings
        self.title = title
    }

    /// Returns when the job is completed.
    ///
    /// - Throws: `Failure` where it ends otherwise; an exit status where a signal comes: SIGINT cancels the job, SIGTERM
    ///   leaves it to others. A second one ends the process at once.
    func run(_ id: JobID) throws {
        let signal = Guarded<Int32?>(nil)
        let stop = CancellationToken()
        let watcher = SignalWatcher([SIGINT, SIGTERM]) { number in
            if signal.withLock({ $0 }) != nil { _exit(128 + number) }
            signal.withLock { $0 = number }
            stop.cancel()
        }
        defer {
            watcher.cancel()
            Self.restoreSignals()
        }
        var quiet = settings
        quiet.logLevel = .error
        // Another job may be over a data set that this process does not have: it would fail there, and count.
        let service = JobService(parts, role: "cli", job: id, settings: settings, logger: ServiceLog(quiet).logger)
        defer {
            service.stop()
            service.waitUntilStopped()
        }
        let job = try JobWatch(parts.jobs, title: title).run(id, until: stop)
        guard let number = signal.withLock({ $0 }), !job.state.isEnded else { return try Self.check(job) }
        guard number == SIGINT else {
            let progress = job.progress
            Terminal.note("job \(id) is left to others, \(progress.done) of \(progress.total) shards done")
            throw ExitCode(128 + number)
        }
        try cancel(id, service)
    }

    private func cancel(_ id: JobID, _ service: JobService) throws {
        let job: Job
        do {
            job = try parts.jobs.cancel(id.text).job
        } catch SwitchbackError.jobState {
            // It ended at this very moment.
            return try Self.check(try parts.jobs.job(id.text).job)
        }
        service.stopWork(on: id)
        Terminal.note(
            """
            cancelled, \(job.progress.done) of \(job.progress.total) shards done; the same command goes on from there
            """)
        throw ExitCode(Self.interrupted)
    }

    /// Has signals end the process again.
    private static func restoreSignals() {
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }

    /// Throws what became of a job that is not completed.
    static func check(_ job: Job) throws {
        guard job.state != .completed else { return }
        throw Failure("job \(job.id) is \(job.state.rawValue)\(job.error.map { ": \($0)" } ?? "")")
    }
}
