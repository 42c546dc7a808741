/// One piece of long work, as a store keeps it.
public struct Job: Equatable, Sendable {
    /// Its name.
    public var id: JobID
    /// What is to be done: a word that workers know.
    public var kind: String
    /// What a worker must have to do it, such as the digest of a model; a worker has it or has it not.
    public var requirement: String
    /// The request in a canonical form; no store and no worker looks into it.
    public var payload: [UInt8]
    /// Who wants it.
    public var client: String
    /// Those with larger numbers go first; 0 is usual.
    public var priority: Int
    /// Where it stands.
    public var state: JobState
    /// The most attempts at one shard that have come to nothing so far: failures, and leases that ran out.
    public var attempts: Int
    /// How many of these a shard may have; the job is then discarded.
    public var maximumAttempts: Int
    /// When it came.
    public var created: WallTime
    /// When it may be gone on with; later than now while it is retryable.
    public var scheduled: WallTime
    /// When its first shard was first claimed; nil before.
    public var started: WallTime?
    /// When it ended; nil before.
    public var finished: WallTime?
    /// What went wrong last, in words; nil where nothing has.
    public var error: String?
    /// How many of its shards are done.
    public var progress: JobProgress
    /// How long somebody held a shard of it, in milliseconds, up to its last event; while several were held, that counts
    /// once, and while nobody was there to do any, not at all.
    public var worked: Int64
    /// Since when that goes on beyond ``worked``; nil while nobody holds a shard.
    public var workedFrom: WallTime?

    /// A job of these parts.
    public init(
        id: JobID, kind: String, requirement: String, payload: [UInt8], client: String, priority: Int, state: JobState,
        attempts: Int, maximumAttempts: Int, created: WallTime, scheduled: WallTime, started: WallTime?,
        finished: WallTime?, error: String?, progress: JobProgress, worked: Int64 = 0, workedFrom: WallTime? = nil
    ) {
        self.id = id
        self.kind = kind
        self.requirement = requirement
        self.payload = payload
        self.client = client
        self.priority = priority
        self.state = state
        self.attempts = attempts
        self.maximumAttempts = maximumAttempts
        self.created = created
        self.scheduled = scheduled
        self.started = started
        self.finished = finished
        self.error = error
        self.progress = progress
        self.worked = worked
        self.workedFrom = workedFrom
    }

    /// Counts the time since somebody has held a shard as worked, up to `time`.
    ///
    /// - Parameter goesOn: whether somebody holds one still.
    package mutating func countWork(until time: WallTime, goesOn: Bool) {
        if let workedFrom { worked += max(0, time.milliseconds - workedFrom.milliseconds) }
        workedFrom = goesOn ? max(workedFrom ?? time, time) : nil
    }
}

/// How far a job has come, in shards.
public struct JobProgress: Equatable, Sendable {
    /// Shards whose result is there.
    public var done: Int
    /// Shards in all, at least 1.
    public var total: Int

    /// Progress of `done` shards of `total`.
    public init(done: Int, total: Int) {
        self.done = done
        self.total = total
    }
}
