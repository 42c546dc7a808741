import Foundation
import Switchback

/// One explanation from the command line: read, explain, write.
struct ExplanationRun {
    let kind: ExplanationKind
    let subject: any ExplainedSubject
    let given: [GivenOption]
    let output: OutputArguments
    let model: ModelArguments
    /// Whether it becomes a job; nil where it cannot.
    var job: AsJobArguments?

    init(
        _ kind: ExplanationKind, _ subject: any ExplainedSubject, _ given: [GivenOption], _ output: OutputArguments,
        _ model: ModelArguments, job: AsJobArguments? = nil
    ) {
        self.kind = kind
        self.subject = subject
        self.given = given + subject.given
        self.output = output
        self.model = model
        self.job = job
    }

    func run() throws {
        try job?.check(output.form)
        let request = try ExplanationRequest(
            kind, options: given + output.given, acceptedFormat: output.form.impliedFormat)
        if let job, job.isWanted {
            guard let image = subject.image else { preconditionFailure("a job over a data set") }
            return try JobSubmissionRun(job: job, form: output.form, model: model).run(request, about: try image.read())
        }
        try output.form.check(request.output)
        // One command has nobody to share with, so no sweep is too long for it: the progress bar says how long.
        let engine = try model.engine(
            limits: EngineLimits(maximumExplanationBytes: .max, maximumMultiplyAdds: .infinity))
        let answer = try subject.answer(request, from: engine)
        try output.form.write(answer, request.output)
    }
}
