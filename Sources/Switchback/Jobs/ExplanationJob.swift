public import Jobs

/// A job as the product tells of it.
public struct ExplanationJob: Equatable, Sendable {
    /// The job as it is kept.
    public let job: Job
    /// Which explanation.
    public let kind: ExplanationKind
    /// The model's name.
    public let model: String
    /// The digest of the image's bytes; nil where it is about a data set.
    public let image: String?
    /// The data set, by its name and its digest; nil where it is about an image.
    public let dataset: Reference?
    /// The options in force, in the order of the table of options, without those of the form.
    public let options: [GivenOption]

    /// Whether there is something of its answer before it is completed.
    public var hasPartialAnswer: Bool {
        guard job.progress.done > 0, !job.state.isEnded else { return false }
        return switch kind {
        case .predict, .activations: false
        case .deconv, .occlusion, .ablation, .topImages: true
        }
    }

    /// A data set as it was when the job was handed in.
    public struct Reference: Equatable, Sendable {
        /// Its name.
        public let name: String
        /// The digest of its manifest.
        public let sha256: String
    }

    /// The digest of what it is about.
    public var subject: String { image ?? dataset?.sha256 ?? "" }

    init(_ job: Job) throws {
        let payload = try JobPayload(job.payload)
        self.job = job
        let request = try payload.request()
        kind = request.kind
        dataset = request.dataset.map { Reference(name: $0, sha256: payload.image) }
        model = payload.model
        image = dataset == nil ? payload.image : nil
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
