/// What a worker that is free asks for.
public struct ClaimRequest: Equatable, Sendable {
    /// The kinds of jobs that it can do.
    public var kinds: [String]
    /// The requirements that it meets.
    public var requirements: [String]
    /// The lease that it will hold.
    public var lease: Lease
    /// How many shards of one client's jobs may be leased at once; nil for any number.
    public var perClient: Int?
    /// The only job whose shards it wants; nil for those of any.
    public var job: JobID?

    /// A request of these parts.
    public init(kinds: [String], requirements: [String], lease: Lease, perClient: Int? = nil, job: JobID? = nil) {
        self.kinds = kinds
        self.requirements = requirements
        self.lease = lease
        self.perClient = perClient
        self.job = job
    }
}
