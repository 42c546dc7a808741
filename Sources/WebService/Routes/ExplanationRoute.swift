internal import Concurrency
internal import HTTP
internal import HTTPTypes
internal import Switchback

/// `POST` of one of the five explanations.
struct ExplanationRoute: Sendable {
    private let kind: ExplanationKind
    private let engine: ExplanationEngine
    private let reader: SubmissionReader
    private let metrics: ServiceMetrics

    init(_ kind: ExplanationKind, engine: ExplanationEngine, limits: Limits, metrics: ServiceMetrics) {
        self.kind = kind
        self.engine = engine
        self.metrics = metrics
        reader = SubmissionReader(limits: limits)
    }

    func respond(to request: Request, token: CancellationToken) throws -> Response {
        let submission = try reader.read(request)
        let asksForFormat = submission.options.contains { $0.name == "format" }
        let accepted = asksForFormat ? nil : try AnswerFormat.negotiated(accept: request.fields[.accept])
        let explanation = try ExplanationRequest(kind, options: submission.options, acceptedFormat: accepted)
        let timing = Guarded<[Stage]>([])
        let note: @Sendable (Stage) -> Void = { [kind, metrics] stage in
            timing.withLock { $0.append(stage) }
            if stage.name == "compute" { metrics.computed(kind, seconds: stage.seconds) }
        }
        let answer = try engine.answer(explanation, about: submission.image, token: token, stages: note)
        let output = explanation.output
        let body = try StageClock(report: note).time("render") { try Self.encode(answer, output) }
        var response = Response(status: .ok, body: body)
        response.fields[.contentType] = AnswerFormat.mediaType(of: output.format)
        response.fields[.vary] = "Accept"
        response.fields[.eTag] = AnswerTag(answer, output).entityTag.description
        response.fields[.serverTiming] = timing.withLock { $0.map(Self.timing).joined(separator: ", ") }
        return response
    }

    private static func encode(_ answer: Answer, _ output: OutputOptions) throws -> [UInt8] {
        switch output.format {
        case .json: AnswerDocument(answer, arrays: output.arrays).json.encoded()
        case .png: try answer.picture(view: output.view, width: output.width, isTransparent: output.isTransparent)
        case .npy: try answer.array(named: output.array)
        }
    }

    private static func timing(_ stage: Stage) -> String {
        let microseconds = Int((stage.seconds * 1e6).rounded())
        return "\(stage.name);dur=\(microseconds / 1000).\(String(1000 + microseconds % 1000).dropFirst())"
    }
}

extension HTTPField.Name {
    /// `Server-Timing` (W3C Server Timing, section 3).
    static var serverTiming: HTTPField.Name { HTTPField.Name("Server-Timing") ?? .server }
}
