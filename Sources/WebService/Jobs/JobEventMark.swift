internal import Jobs

/// How much of a job's events a client has seen, as the `id` of its last one.
///
/// It follows from what the store keeps of the job, so that it means the same after a restart and on another machine.
struct JobEventMark: Equatable {
    let done: Int
    let state: JobState
    let attempts: Int
    /// Whether the client has been told of the partial result at `done`, if there is one.
    var knowsPartial: Bool

    init(_ job: Job, knowsPartial: Bool) {
        (done, state, attempts) = (job.progress.done, job.state, job.attempts)
        self.knowsPartial = knowsPartial
    }

    /// The mark that `text` is; nil for a text that is none, which is as if nothing had been seen.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 || parts.count == 4 && parts[3] == Self.partial, let done = Int(parts[0]),
            let state = JobState(rawValue: String(parts[1])), let attempts = Int(parts[2])
        else { return nil }
        (self.done, self.state, self.attempts) = (done, state, attempts)
        knowsPartial = parts.count == 4
    }

    /// `17.running.0`, with `.partial` behind it where the partial result is known.
    var text: String { "\(done).\(state.rawValue).\(attempts)" + (knowsPartial ? ".\(Self.partial)" : "") }

    /// Whether the same was seen of the job itself.
    func isSame(as other: JobEventMark) -> Bool {
        (done, state, attempts) == (other.done, other.state, other.attempts)
    }

    private static let partial = "partial"
}
