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

    func respond(to request: Request, token: CancellationToken) throws -> Response {
        let submission = try reader.read(request)
        let explanation = try Self.explanation(kind, submission.options, request.fields)
        let log = StageLog { [kind, observe] stage in observe(kind, stage) }
        let resolved = try log.clock.time("model") { try engine.resolve(explanation) }
        let image = try ExplainedImage(submission.image, in: store)
        let output = resolved.output
        let coding = output.format == .json ? ContentCoding(acceptedBy: request.fields) : .identity
        let tag = AnswerTag(resolved, imageDigest: image.sha256, isStored: image.isStored, coding: coding).entityTag
        let fields = self.fields(tag, of: request)
        // "*" asks whether there is any answer, which only the answer tells.
        let asksForAny = [request.fields[.ifMatch], request.fields[.ifNoneMatch]].contains { $0?.contains("*") == true }
        if !asksForAny, let response = try ImageRoute.conditional(request, tag, fields) { return response }
        var response = Response(status: .ok, fields: fields)
        response.fields[.contentType] = AnswerFormat.mediaType(of: output.format)
        if request.method == .head {
            try engine.check(resolved, about: try image.input())
            response.leavesLengthOut = true
        } else {
            response.body = try body(of: resolved, about: image, token: token, log)
        }
        if asksForAny, let response = try ImageRoute.conditional(request, tag, fields) { return response }
        response.fields[.serverTiming] = log.serverTiming
        return output.format == .json ? response : response.selectingRange(for: request)
    }

    /// The body of the answer, from before, from another request, or computed.
    private func body(
        of request: ResolvedRequest, about image: ExplainedImage, token: CancellationToken, _ log: StageLog
    ) throws -> [UInt8] {
        let tag = AnswerTag(request, imageDigest: image.sha256, isStored: image.isStored, coding: .identity).entityTag
        return try answers.body(for: tag, token: token) { token in
            let answer = try engine.answer(
                request, about: try image.input(), sha256: image.sha256, token: token, stages: log.note)
            let links = image.isStored ? AnswerLinks(request, imageDigest: image.sha256) : nil
            return try log.clock.time("render") { try encode(answer, request.output, links) }
        }
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

    private func fields(_ tag: EntityTag, of request: Request) -> HTTPFields {
        var fields: HTTPFields = [.eTag: tag.description, .vary: "Accept, Accept-Encoding"]
        // An answer to POST is not at its address.
        if request.method != .post { fields[.cacheControl] = cache.explanation }
        return fields
    }

    private func encode(_ answer: Answer, _ output: OutputOptions, _ links: AnswerLinks?) throws -> [UInt8] {
        switch output.format {
        case .json: AnswerDocument(answer, arrays: output.arrays, links: links).json.encoded()
        case .png:
            try answer.picture(
                view: output.view, width: output.width, isTransparent: output.isTransparent,
                maximumPixels: engine.limits.maximumPicturePixels)
        case .npy: try answer.array(named: output.array)
        }
    }
}

/// The image that a request is about: its digest is known before its bytes are needed.
private struct ExplainedImage {
    let sha256: String
    /// Whether it is kept.
    let isStored: Bool
    private let sent: ImageInput?
    private let store: ImageStore

    init(_ image: SubmittedImage, in store: ImageStore) throws {
        self.store = store
        switch image {
        case .sent(let input):
            sent = input
            sha256 = input.sha256
            isStored = try store.contains(sha256)
        case .stored(let digest):
            try store.require(digest)
            (sent, sha256, isStored) = (nil, digest, true)
        }
    }

    func input() throws -> ImageInput { try sent ?? store.image(sha256) }
}
