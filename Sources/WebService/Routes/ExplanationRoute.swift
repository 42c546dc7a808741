internal import Concurrency
internal import HTTP
internal import HTTPTypes
internal import Switchback

/// `GET` and `POST` of one of the five explanations.
struct ExplanationRoute: Sendable {
    let kind: ExplanationKind
    let engine: ExplanationEngine
    let store: ImageStore
    let reader: SubmissionReader
    let cache: CachePolicy
    let answers: AnswerCache
    /// Told of each stage of each answer; "compute" comes once a computation.
    let observe: @Sendable (ExplanationKind, Stage) -> Void

    /// The data sets that can be asked about.
    let datasets: DatasetCatalog

    /// Where requests become jobs; nil where they do not.
    var jobs: JobSubmission?

    /// - Parameter asker: whose job it is, if it becomes one.
    func respond(to request: Request, asker: Asker, token: CancellationToken) throws -> Response {
        let jobs = asker.mayStartJobs ? jobs : nil
        // It may be needed or not: whether it is right must not depend on what the work costs.
        let key = try IdempotencyKey(request.fields)
        let submission = try reader.read(request, isAboutDataset: kind.isAboutDatasets)
        let explanation = try Self.explanation(kind, submission.options, request.fields)
        let log = StageLog { [kind, observe] stage in observe(kind, stage) }
        let resolved = try log.clock.time("model") { try engine.resolve(explanation) }
        guard let given = submission.image else { return try respond(to: request, resolved, key: key, asker: asker) }
        let image = try ExplainedImage(given, in: store)
        if let jobs, request.method != .head, jobs.isPreferred(by: request.fields) {
            return try jobs.response(to: request, resolved, about: image, key: key, asker: asker)
        }
        let delivery = AnswerDelivery(
            request: request, resolved: resolved, imageDigest: image.sha256, isStored: image.isStored,
            isArrayByType: image.isArrayByType, cache: cache, answers: answers, log: log,
            maximumPicturePixels: engine.limits.maximumPicturePixels)
        do {
            return try delivery.response(
                token: token, check: { try engine.check(resolved, about: try image.input()) },
                compute: { token in
                    try engine.answer(
                        resolved, about: try image.input(), sha256: image.sha256, token: token, stages: log.note)
                })
        } catch SwitchbackError.tooCostly(let estimate, let limit) {
            guard let jobs, request.method != .head else {
                throw SwitchbackError.tooCostly(estimate: estimate, limit: limit)
            }
            return try jobs.response(to: request, resolved, about: image, key: key, asker: asker)
        }
    }

    /// A question about a data set, which is always a job.
    private func respond(
        to request: Request, _ resolved: ResolvedRequest, key: IdempotencyKey?, asker: Asker
    ) throws -> Response {
        guard let name = resolved.dataset else {
            preconditionFailure("a question about neither an image nor a data set")
        }
        guard asker.mayStartJobs else { throw AccessRefusal.unsignable }
        let dataset = try datasets.dataset(named: name)
        guard let jobs, request.method != .head else {
            throw SwitchbackError.undefined(
                reason: """
                    a data set is gone through as a job, which GET and POST start where the service has a folder for its \
                    data
                    """)
        }
        return try jobs.response(to: request, resolved, over: dataset, key: key, asker: asker)
    }

    /// Throws what is wrong with a request by its head alone, before its body is read.
    func check(_ head: RequestHead, maximumImageBytes: Int) throws {
        guard try SubmissionReader.checkType(head.fields).isImageAlone else { return }
        try SubmissionReader.checkLength(of: head, maximumImageBytes: maximumImageBytes)
        // The options of such a body are all in the query.
        let options = head.target.query.filter { $0.name != "image" }
            .map { GivenOption(name: $0.name, value: $0.value) }
        _ = try Self.explanation(kind, options, head.fields)
    }

    private static func explanation(
        _ kind: ExplanationKind, _ options: [GivenOption], _ fields: HTTPFields
    ) throws -> ExplanationRequest {
        let asksForFormat = options.contains { $0.name == "format" }
        let accepted = asksForFormat ? nil : try AnswerFormat.negotiated(accept: fields[.accept])
        return try ExplanationRequest(kind, options: options, acceptedFormat: accepted)
    }
}

/// The image that a request is about: its digest is known before its bytes are needed.
struct ExplainedImage {
    let sha256: String
    /// Whether it is kept.
    let isStored: Bool
    /// Whether it was sent as an array that does not begin like one, as a picture may be: what is kept, and what is sent
    /// without that type, is taken for what it begins like.
    let isArrayByType: Bool
    private let sent: ImageInput?
    private let store: ImageStore

    init(_ image: SubmittedImage, in store: ImageStore) throws {
        self.store = store
        switch image {
        case .sent(let input):
            sent = input
            sha256 = input.sha256
            isStored = try store.contains(sha256)
            isArrayByType = input != ImageInput(recognizing: input.bytes)
        case .stored(let digest):
            try store.require(digest)
            (sent, sha256, isStored, isArrayByType) = (nil, digest, true, false)
        }
    }

    func input() throws -> ImageInput { try sent ?? store.image(sha256) }
}
