/// A job as it is handed in.
public struct NewJob: Equatable, Sendable {
    /// Its name, of the caller's making.
    public var id: JobID
    /// What is to be done.
    public var kind: String
    /// What a worker must have to do it.
    public var requirement: String
    /// The request in a canonical form.
    public var payload: [UInt8]
    /// A digest of all that the result depends on: jobs of one client with equal identities are one job.
    public var identity: String
    /// What is worked on, such as the bytes of an image; kept once for all jobs with the same.
    public var input: JobInput?
    /// What each shard does, in order: at least one, and no store looks into them.
    public var shards: [[UInt8]]
    /// The client's own name for this request, by which a repetition is known; nil where there is none.
    public var idempotencyKey: String?
    /// Who wants it.
    public var client: String
    /// Those with larger numbers go first.
    public var priority: Int
    /// How many attempts at one shard may come to nothing.
    public var maximumAttempts: Int

    /// A job of these parts.
    public init(
        id: JobID, kind: String, requirement: String, payload: [UInt8], identity: String, input: JobInput? = nil,
        shards: [[UInt8]], idempotencyKey: String? = nil, client: String = "", priority: Int = 0,
        maximumAttempts: Int = NewJob.usualAttempts
    ) {
        precondition(!shards.isEmpty && maximumAttempts >= 1, "\(shards.count) shards, \(maximumAttempts) attempts")
        self.id = id
        self.kind = kind
        self.requirement = requirement
        self.payload = payload
        self.identity = identity
        self.input = input
        self.shards = shards
        self.idempotencyKey = idempotencyKey
        self.client = client
        self.priority = priority
        self.maximumAttempts = maximumAttempts
    }

    /// Ten: a worker that is killed time and again during the same shard is most likely killed by it.
    public static let usualAttempts = 10
}

/// Bytes that a job works on, under their digest.
public struct JobInput: Equatable, Sendable {
    /// The digest, in whatever notation: equal digests mean equal bytes.
    public var digest: String
    /// The bytes.
    public var bytes: [UInt8]

    /// An input of these parts.
    public init(digest: String, bytes: [UInt8]) {
        self.digest = digest
        self.bytes = bytes
    }
}

/// What became of a job that was handed in.
public struct EnqueuedJob: Equatable, Sendable {
    /// The job, which has another name than the one handed in if it was there before.
    public var job: Job
    /// Whether it was not there before.
    public var isNew: Bool

    /// A result of these parts.
    public init(job: Job, isNew: Bool) {
        self.job = job
        self.isNew = isNew
    }
}
