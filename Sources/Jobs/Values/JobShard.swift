/// One part of a job, as a store keeps it: what is claimed, computed and committed at a time.
public struct JobShard: Equatable, Sendable {
    /// The job it is a part of.
    public var job: JobID
    /// Its place among the job's shards, from 0.
    public var index: Int
    /// What is to be done; no store looks into it.
    public var items: [UInt8]
    /// Where it stands.
    public var state: State

    /// Where a shard stands.
    public enum State: Equatable, Sendable {
        /// It waits for a worker: not before `from` if that is given.
        case waiting(from: WallTime?)
        /// A worker has it.
        case leased(Lease)
        /// Its result is there.
        case done
    }

    /// A shard of these parts.
    public init(job: JobID, index: Int, items: [UInt8], state: State) {
        self.job = job
        self.index = index
        self.items = items
        self.state = state
    }
}

/// A shard that a worker has just got, with all that it needs to do it.
public struct ClaimedShard: Equatable, Sendable {
    /// The job, as it stands with the claim.
    public var job: Job
    /// The place of the shard among the job's, from 0.
    public var index: Int
    /// What is to be done.
    public var items: [UInt8]
    /// Which attempt at it this is, from 1; attempts that were given back are not counted.
    public var attempt: Int
    /// The right to do it.
    public var lease: Lease

    /// A claim of these parts.
    public init(job: Job, index: Int, items: [UInt8], attempt: Int, lease: Lease) {
        self.job = job
        self.index = index
        self.items = items
        self.attempt = attempt
        self.lease = lease
    }
}

/// The result of one shard.
public struct ShardResult: Equatable, Sendable {
    /// The place of the shard among the job's, from 0.
    public var index: Int
    /// What was to be done.
    public var items: [UInt8]
    /// What came of it.
    public var bytes: [UInt8]

    /// A result of these parts.
    public init(index: Int, items: [UInt8], bytes: [UInt8]) {
        self.index = index
        self.items = items
        self.bytes = bytes
    }
}
