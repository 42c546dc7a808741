internal import Concurrency
internal import HTTP
internal import HTTPTypes
internal import Jobs
internal import Switchback

/// `GET /jobs/{id}/result`: the answer that the job's request gets, byte for byte, in any form; and
/// `GET /jobs/{id}/partial`: what there is of it.
struct JobResultRoute: Sendable {
    let jobs: ExplanationJobs
    let engine: ExplanationEngine
    let images: ImageStore
    let cache: CachePolicy
    let answers: AnswerCache
    /// Told of each stage of each answer.
    let observe: @Sendable (ExplanationKind, Stage) -> Void

    /// The whole answer, which never changes.
    func respond(to request: Request, job: ExplanationJob, token: CancellationToken) throws -> Response {
        let log = StageLog { [kind = job.kind, observe] stage in observe(kind, stage) }
        let id = job.job.id.text
        let resolved = try resolved(request, job, log)
        try jobs.requireCompleted(id)
        return try delivery(of: request, resolved, job, log).response(
            token: token, check: {},
            compute: { token in
                try log.clock.time("compute") {
                    try jobs.answer(of: id, writing: resolved.output, token: token)
                }
            })
    }

    /// What there is by now; `Progress` says how much that is, in shards.
    func respondPartially(to request: Request, job: ExplanationJob, token: CancellationToken) throws -> Response {
        let log = StageLog { [kind = job.kind, observe] stage in observe(kind, stage) }
        let resolved = try resolved(request, job, log)
        let (answer, progress) = try log.clock.time("compute") {
            try jobs.partialAnswer(of: job.job.id.text, writing: resolved.output, token: token)
        }
        var response = Response(status: .ok, fields: [.cacheControl: "no-store", .vary: "Accept"])
        response.fields[.contentType] = AnswerFormat.mediaType(of: resolved.output.format)
        response.fields[.progress] = "\(progress.done)/\(progress.total)"
        let delivery = try delivery(of: request, resolved, job, log)
        response.body = try log.clock.time("render") { try delivery.encode(answer, nil) }
        response.fields[.serverTiming] = log.serverTiming
        return response
    }

    private func resolved(_ request: Request, _ job: ExplanationJob, _ log: StageLog) throws -> ResolvedRequest {
        let output = request.target.query.map { GivenOption(name: $0.name, value: $0.value) }
        let accepted =
            output.contains { $0.name == "format" }
            ? nil : try AnswerFormat.negotiated(accept: request.fields[.accept])
        return try log.clock.time("model") {
            try jobs.request(of: job.job.id.text, output: output, acceptedFormat: accepted)
        }
    }

    private func delivery(
        of request: Request, _ resolved: ResolvedRequest, _ job: ExplanationJob, _ log: StageLog
    ) throws -> AnswerDelivery {
        AnswerDelivery(
            request: request, resolved: resolved, imageDigest: job.subject,
            isStored: try job.image.map(images.contains) ?? false,
            cache: cache, answers: answers, log: log, maximumPicturePixels: engine.limits.maximumPicturePixels)
    }
}

extension HTTPField.Name {
    /// How much of an answer is there, in shards done and in all.
    static var progress: HTTPField.Name { HTTPField.Name("Progress") ?? .server }
}
