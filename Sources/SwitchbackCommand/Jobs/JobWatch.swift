import Concurrency
import Jobs
import Switchback

/// Looks at a job several times a second, and shows how far it is.
///
/// A store that cannot be reached is asked again for five minutes: what is computed goes on without being looked at.
struct JobWatch {
    private static let interval = Timeout.milliseconds(200)
    private static let intervalWhileAway = Timeout.seconds(1)
    private static let patience = Timeout.seconds(300)

    private let title: String
    private let time: any TimeSource
    private let note: (String) -> Void
    private let pause: (Timeout, CancellationToken) -> Void
    private let look: (String) throws -> Job

    init(_ jobs: ExplanationJobs, title: String) {
        self.init(title: title) { try jobs.job($0).job }
    }

    /// Watches what `look` tells of the job with that name; tests hand in their own clock.
    init(
        title: String, time: any TimeSource = MonotonicTime(), note: @escaping (String) -> Void = Terminal.note,
        pause: @escaping (Timeout, CancellationToken) -> Void = { WakeUp().wait(beyond: 0, for: $0, token: $1) },
        look: @escaping (String) throws -> Job
    ) {
        self.title = title
        self.time = time
        self.note = note
        self.pause = pause
        self.look = look
    }

    /// The job, when it has ended or `stop` is cancelled.
    func run(_ id: JobID, until stop: CancellationToken = .never) throws -> Job {
        let bar = ProgressBar(title: title, isPlain: true)
        defer { bar.clear() }
        var (last, awaySince): (Job?, Instant?) = (nil, nil)
        while true {
            do {
                let job = try look(id.text)
                if awaySince != nil { note("the jobs can be seen again") }
                (last, awaySince) = (job, nil)
                bar.show(done: job.progress.done, total: job.progress.total)
                if job.state.isEnded || stop.isCancelled { return job }
            } catch SwitchbackError.storeAway(let reason) {
                if stop.isCancelled, let last { return last }
                let since = awaySince ?? time.now
                guard !stop.isCancelled, time.now - since < Self.patience else {
                    throw SwitchbackError.storeAway(reason: reason)
                }
                if awaySince == nil {
                    bar.clear()
                    note("\(reason); trying again for \(ProgressLine.duration(Self.patience.seconds))")
                }
                awaySince = since
            }
            pause(awaySince == nil ? Self.interval : Self.intervalWhileAway, stop)
        }
    }
}
