/// Something that happened to a job.
public struct JobEvent: Equatable, Sendable {
    /// Larger than that of every earlier event of the store.
    public var number: Int64
    /// The job it happened to.
    public var job: JobID
    /// When it happened.
    public var time: WallTime
    /// What happened.
    public var kind: Kind
    /// The state it led to.
    public var state: JobState
    /// How far the job had come.
    public var progress: JobProgress
    /// What went wrong, in words; nil where nothing did.
    public var error: String?

    /// What can happen to a job.
    public enum Kind: String, CaseIterable, Sendable {
        /// It was handed in.
        case created
        /// Its first shard was claimed for the first time.
        case started
        /// The result of a shard came.
        case progress
        /// A shard failed and will be tried again.
        case failed
        /// A worker lost a shard: it gave it back, or was not heard of.
        case released
        /// It was cancelled, and handed in again.
        case reopened
        /// The job ended.
        case ended
    }

    /// An event of these parts.
    public init(
        number: Int64, job: JobID, time: WallTime, kind: Kind, state: JobState, progress: JobProgress, error: String?
    ) {
        self.number = number
        self.job = job
        self.time = time
        self.kind = kind
        self.state = state
        self.progress = progress
        self.error = error
    }
}
