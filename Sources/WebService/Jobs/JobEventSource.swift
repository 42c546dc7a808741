internal import Concurrency
internal import HTTP
internal import Jobs
internal import Switchback

/// The events of one job for one client, made when they are asked for.
final class JobEventSource: BodySource {
    private struct State {
        var job: ExplanationJob
        var seen: JobEventMark?
        /// Whether the job was removed.
        var hasGone = false
        var isReady: (@Sendable () -> Void)?
        /// Given back with the end of the stream, whoever still holds this for a moment.
        var place: JobEventStreams.Place?
    }

    let id: JobID
    private let streams: JobEventStreams
    private let state: Guarded<State>

    /// The events of `job` behind `seen`; it takes up `place` until it is stopped.
    init(
        _ job: ExplanationJob, behind seen: JobEventMark?, of streams: JobEventStreams,
        at place: JobEventStreams.Place
    ) {
        id = job.job.id
        self.streams = streams
        state = Guarded(State(job: job, seen: seen, place: place))
    }

    func next() -> BodyPiece? {
        state.withLock { state in
            if state.hasGone { return .last([]) }
            let events = JobEvents(state.job, now: streams.jobs.now()).behind(state.seen)
            // Also for one that knows the end already, as it was cancelled, went on and was cancelled again.
            if state.job.job.state.isEnded { return .last(events?.bytes ?? []) }
            guard let events else { return nil }
            state.seen = events.mark
            return .bytes(events.bytes)
        }
    }

    func start(_ isReady: @escaping @Sendable () -> Void) {
        state.withLock { $0.isReady = isReady }
        streams.add(self)
        // What happened since the job was read.
        streams.changed(id.text)
    }

    func stop() {
        streams.remove(self)
        // Leaving takes the lock of the streams: it is done behind this one.
        _ = state.withLock { $0.place.take() }
    }

    /// Takes the job as it stands now; nil where it was removed.
    func take(_ job: ExplanationJob?) {
        let isReady: (@Sendable () -> Void)? = state.withLock { state in
            if let job {
                if job == state.job { return nil }
                state.job = job
            } else {
                state.hasGone = true
            }
            return state.isReady
        }
        isReady?()
    }
}
