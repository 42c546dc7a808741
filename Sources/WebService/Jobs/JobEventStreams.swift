internal import Concurrency
internal import Dispatch
internal import Jobs
public import Switchback

/// The clients that follow jobs: at most so many, and no thread waits for any of them.
///
/// ``look()`` reads each job that somebody follows, once for all who do, and is to be called once a second or so: that is
/// how the work of other processes is seen. ``changed(_:)`` shows what this process does at once.
public final class JobEventStreams: Sendable {
    /// The most clients at a time unless told; `Documentation/Limits.md` states it.
    public static let usualMaximum = 256

    let jobs: ExplanationJobs
    private let maximum: Int
    private let maximumPerClient: Int
    private let queue = DispatchQueue(label: "job events")
    private let state = Guarded(State())

    private struct State {
        var places = 0
        var placesOfClients: [String: Int] = [:]
        var sources: [JobID: [JobEventSource]] = [:]
    }

    /// The right to be one of the clients, for as long as it lives.
    final class Place: Sendable {
        private let leave: @Sendable () -> Void

        fileprivate init(_ leave: @escaping @Sendable () -> Void) { self.leave = leave }

        deinit { leave() }
    }

    /// Nobody follows any of `jobs` yet; at most `maximum` streams may, of which one client may have `maximumPerClient`, an
    /// eighth of them unless told.
    public init(_ jobs: ExplanationJobs, maximum: Int = JobEventStreams.usualMaximum, maximumPerClient: Int? = nil) {
        precondition(maximum >= 1, "\(maximum) streams of events")
        self.maximumPerClient = max(1, maximumPerClient ?? maximum / 8)
        self.jobs = jobs
        self.maximum = maximum
    }

    /// How many clients follow a job now.
    public var count: Int { state.withLock(\.places) }

    /// Reads every job that is followed, and has its followers told what is new.
    ///
    /// - Throws: `SwitchbackError` where the store does not work; the streams stay open and go on when it does.
    public func look() throws {
        for id in state.withLock({ Array($0.sources.keys) }) { try queue.sync { try look(at: id) } }
    }

    /// Has a job looked at, soon and on another thread, if anybody follows it.
    public func changed(_ id: String) {
        guard let id = JobID(id), state.withLock({ $0.sources[id] != nil }) else { return }
        // What cannot be read now is read by the next look.
        queue.async { @Sendable in try? self.look(at: id) }
    }

    /// The events of `job` behind `seen`, for `client`.
    ///
    /// - Throws: `tooManyStreams` where as many streams are open as may be, `tooManyStreamsOfClient` where the client has
    ///   as many as one may have.
    func open(
        _ job: ExplanationJob, behind seen: JobEventMark?, for client: String
    ) throws(JobRequestError) -> JobEventSource {
        let refusal: JobRequestError? = state.withLock { state in
            let own = state.placesOfClients[client, default: 0]
            if state.places >= maximum { return .tooManyStreams(maximum: maximum) }
            if own >= maximumPerClient { return .tooManyStreamsOfClient(maximum: maximumPerClient) }
            state.places += 1
            state.placesOfClients[client] = own + 1
            return nil
        }
        if let refusal { throw refusal }
        let place = Place { [state] in
            state.withLock { state in
                state.places -= 1
                let own = state.placesOfClients[client, default: 1]
                state.placesOfClients[client] = own > 1 ? own - 1 : nil
            }
        }
        return JobEventSource(job, behind: seen, of: self, at: place)
    }

    func add(_ source: JobEventSource) { state.withLock { $0.sources[source.id, default: []].append(source) } }

    func remove(_ source: JobEventSource) {
        state.withLock { state in
            let others = state.sources[source.id]?.filter { $0 !== source } ?? []
            state.sources[source.id] = others.isEmpty ? nil : others
        }
    }

    /// One at a time, so that nobody is told of an earlier state after a later one.
    private func look(at id: JobID) throws {
        let job: ExplanationJob?
        do {
            job = try jobs.job(id.text)
        } catch SwitchbackError.noJob {
            job = nil
        }
        for source in state.withLock({ $0.sources[id] ?? [] }) { source.take(job) }
    }
}
