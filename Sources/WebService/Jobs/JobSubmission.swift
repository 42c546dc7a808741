internal import HTTP
internal import HTTPTypes
internal import Jobs
internal import Switchback

/// Makes jobs of requests for explanations.
struct JobSubmission: Sendable {
    private let jobs: ServiceJobs

    init(_ jobs: ServiceJobs) { self.jobs = jobs }

    /// Whether the client would rather be answered later (RFC 7240, section 4.1).
    func isPreferred(by fields: HTTPFields) -> Bool { PreferField(fields).respondsAsync }

    /// 202, with the address of the job and what it will cost; the same for the same request.
    func response(
        to request: Request, _ resolved: ResolvedRequest, about image: ExplainedImage, key: IdempotencyKey?,
        asker: Asker
    ) throws -> Response {
        try promise(
            jobs.jobs.submit(
                resolved, about: try image.input(), sha256: image.sha256, client: asker.name, key: key?.text,
                priority: priority(of: request, asker)),
            to: request)
    }

    /// The same for a request over a data set.
    func response(
        to request: Request, _ resolved: ResolvedRequest, over dataset: OpenDataset, key: IdempotencyKey?,
        asker: Asker
    ) throws -> Response {
        try promise(
            jobs.jobs.submit(
                resolved, over: dataset, client: asker.name, key: key?.text, priority: priority(of: request, asker)),
            to: request)
    }

    /// Lower for whoever asks for that; higher only for those who may manage, since it is at the cost of others.
    private func priority(of request: Request, _ asker: Asker) -> Int {
        let wanted = PreferField(request.fields).priority ?? .normal
        return asker.managesAll ? wanted.rank : min(wanted.rank, JobPriority.normal.rank)
    }

    private func promise(_ submitted: SubmittedJob, to request: Request) -> Response {
        if !submitted.job.job.state.isEnded { jobs.added() }
        var response = Response(
            json: JobDocument(submitted.job, now: jobs.jobs.now(), estimate: submitted.estimate).json)
        response.status = .accepted
        response.fields[.location] = Address.job(submitted.job.job.id.text)
        response.fields.vary(by: "Prefer")
        if isPreferred(by: request.fields) { response.fields[.preferenceApplied] = "respond-async" }
        return response
    }
}

/// The client's own name for a request, by which a repetition is known (draft-ietf-httpapi-idempotency-key-header).
struct IdempotencyKey: Equatable {
    /// The longest key, in bytes.
    static let maximumLength = 255

    let text: String

    /// Nil where there is none.
    ///
    /// - Throws: ``JobRequestError`` for one that is empty, too long or given twice. Quotes around it are left out.
    init?(_ fields: HTTPFields) throws(JobRequestError) {
        let values = fields[values: .idempotencyKey]
        guard let first = values.first else { return nil }
        let isQuoted = first.utf8.count >= 2 && first.hasPrefix("\"") && first.hasSuffix("\"")
        let key = isQuoted ? String(first.dropFirst().dropLast()) : first
        guard values.count == 1, !key.isEmpty, key.utf8.count <= Self.maximumLength else {
            throw .badKey(maximumLength: Self.maximumLength)
        }
        text = key
    }
}

extension HTTPField.Name {
    /// `Prefer` (RFC 7240, section 2).
    static var prefer: HTTPField.Name { HTTPField.Name("Prefer") ?? .server }
    /// `Preference-Applied` (RFC 7240, section 3).
    static var preferenceApplied: HTTPField.Name { HTTPField.Name("Preference-Applied") ?? .server }
    /// `Idempotency-Key`.
    static var idempotencyKey: HTTPField.Name { HTTPField.Name("Idempotency-Key") ?? .server }
}
