import Switchback

/// What a subcommand explains.
protocol ExplainedSubject {
    /// The options that name it, as the engine reads them.
    var given: [GivenOption] { get }

    /// The image, if it is one.
    var image: ImageArgument? { get }

    /// The answer about it, computed behind a progress bar.
    func answer(_ request: ExplanationRequest, from engine: ExplanationEngine) throws -> Answer
}

extension ImageArgument: ExplainedSubject {
    var given: [GivenOption] { [] }

    var image: ImageArgument? { self }

    func answer(_ request: ExplanationRequest, from engine: ExplanationEngine) throws -> Answer {
        let bar = ProgressBar(title: request.kind.rawValue)
        defer { bar.clear() }
        return try engine.answer(
            request, about: try read(), progress: { done, total in bar.show(done: done, total: total) })
    }
}
