/// Where a job stands; `Documentation/JobStates.md` has the diagram.
public enum JobState: String, CaseIterable, Sendable {
    /// It waits for a worker: at the beginning, and where its leases were given back or taken away.
    case available
    /// Some of its shards are done or being computed, and nothing keeps the others from being next.
    case running
    /// A shard has failed, and nothing of the job can be computed until it is tried again.
    case retryable
    /// Every shard is done: the result is there.
    case completed
    /// Somebody did not want it any more.
    case cancelled
    /// It cannot be done: the input is bad, or a shard has failed as often as it may.
    case discarded

    /// Whether nothing more will happen to the job.
    public var isEnded: Bool {
        switch self {
        case .available, .running, .retryable: false
        case .completed, .cancelled, .discarded: true
        }
    }
}

extension JobState {
    /// The state of a job that has not ended, behind something that happened to its shards.
    ///
    /// - Parameters:
    ///   - isReleased: whether a worker lost a shard, so that nobody may be about to claim the next.
    ///   - leased: how many of its shards are leased.
    ///   - isHeldUp: whether shards wait, and all of them for a time that has not come.
    package static func open(isReleased: Bool, leased: Int, isHeldUp: Bool) -> JobState {
        if leased > 0 { return .running }
        if isHeldUp { return .retryable }
        return isReleased ? .available : .running
    }
}
