import Concurrency
import Jobs
import Switchback

/// Looks at a job several times a second, and shows how far it is.
struct JobWatch {
    private static let interval = Timeout.milliseconds(200)

    private let jobs: ExplanationJobs
    private let title: String

    init(_ jobs: ExplanationJobs, title: String) {
        self.jobs = jobs
        self.title = title
    }

    /// The job, when it has ended or `stop` is cancelled.
    func run(_ id: JobID, until stop: CancellationToken = .never) throws -> ExplanationJob {
        let pause = WakeUp()
        let bar = ProgressBar(title: title, isPlain: true)
        defer { bar.clear() }
        while true {
            let job = try jobs.job(id.text)
            bar.show(done: job.job.progress.done, total: job.job.progress.total)
            if job.job.state.isEnded || stop.isCancelled { return job }
            pause.wait(beyond: 0, for: Self.interval, token: stop)
        }
    }
}
