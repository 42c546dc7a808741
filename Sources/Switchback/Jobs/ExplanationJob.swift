public import Jobs

/// A job as the product tells of it.
public struct ExplanationJob: Equatable, Sendable {
    /// The job as it is kept.
    public let job: Job
    /// Which explanation.
    public let kind: ExplanationKind
    /// The model's name.
    public let model: String
    /// The digest of the image's bytes.
    public let image: String
    /// The options in force, in the order of the table of options, without those of the form.
    public let options: [GivenOption]

    init(_ job: Job) throws {
        let payload = try JobPayload(job.payload)
        self.job = job
        kind = try payload.request().kind
        model = payload.model
        image = payload.image
        options = payload.options.map { GivenOption(name: $0.name, value: $0.value) }
    }
}

/// A request that became a job.
public struct SubmittedJob: Equatable, Sendable {
    /// The job.
    public let job: ExplanationJob
    /// Whether it was not there before.
    public let isNew: Bool
    /// What it will cost in all.
    public let estimate: CostSummary
}

/// Some jobs, newest first.
public struct ExplanationJobPage: Equatable, Sendable {
    /// The jobs.
    public let jobs: [ExplanationJob]
    /// Where the list goes on; nil where it ends.
    public let next: JobCursor?
}
