/// Which jobs are listed.
public struct JobFilter: Equatable, Sendable {
    /// Those in one of these states; nil for all.
    public var states: Set<JobState>?
    /// Those of one of these kinds; nil for all.
    public var kinds: Set<String>?
    /// Those of this client; nil for all.
    public var client: String?
    /// Those that came at this time or later.
    public var createdFrom: WallTime?
    /// Those that came before this time.
    public var createdBefore: WallTime?

    /// Every job, unless told.
    public init(
        states: Set<JobState>? = nil, kinds: Set<String>? = nil, client: String? = nil, createdFrom: WallTime? = nil,
        createdBefore: WallTime? = nil
    ) {
        self.states = states
        self.kinds = kinds
        self.client = client
        self.createdFrom = createdFrom
        self.createdBefore = createdBefore
    }

    /// Whether a job is one of those.
    public func includes(_ job: Job) -> Bool {
        (states?.contains(job.state) ?? true) && (kinds?.contains(job.kind) ?? true)
            && (client.map { $0 == job.client } ?? true) && (createdFrom.map { job.created >= $0 } ?? true)
            && (createdBefore.map { job.created < $0 } ?? true)
    }
}

/// A place in the list of jobs, newest first: behind the job that it was made from.
public struct JobCursor: Hashable, Sendable {
    /// When that job came.
    public let created: WallTime
    /// The number that the store gave it; of two jobs of one time the later has the larger one.
    public let number: Int64

    /// The place behind the job of that time and number.
    public init(created: WallTime, number: Int64) {
        self.created = created
        self.number = number
    }

    /// Whether a job of that time and number comes behind this place.
    package func isBefore(created: WallTime, number: Int64) -> Bool {
        (created, number) < (self.created, self.number)
    }
}

/// Some jobs of a list, newest first.
public struct JobPage: Equatable, Sendable {
    /// The jobs.
    public var jobs: [Job]
    /// Where the list goes on; nil where it ends.
    public var next: JobCursor?

    /// A page of these parts.
    public init(jobs: [Job], next: JobCursor?) {
        self.jobs = jobs
        self.next = next
    }
}
