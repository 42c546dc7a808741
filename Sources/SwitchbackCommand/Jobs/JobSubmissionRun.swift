import ArgumentParser
import Foundation
import Jobs
import Switchback

/// An explanation that becomes a job: handed in, and waited for if that is wanted.
struct JobSubmissionRun {
    let job: AsJobArguments
    let form: FormArguments
    let model: ModelArguments

    func run(_ request: ExplanationRequest, about image: ImageInput) throws {
        if job.wait { try form.check(request.output) }
        let (parts, settings) = try job.place.open(model, isNew: true)
        let resolved = try parts.engine.resolve(request)
        let submitted = try parts.jobs.submit(
            resolved, about: image, sha256: image.sha256, priority: job.rank)
        guard job.wait else { return try tell(submitted) }
        let id = submitted.job.job.id
        Terminal.note("job \(id)\(submitted.isNew ? "" : ", which is there already")")
        try JobWait(parts, settings, title: request.kind.rawValue).run(id)
        try form.write(try parts.jobs.answer(of: id.text, writing: resolved.output), resolved.output)
    }

    /// The name on standard output, for a script; what can be done with it on standard error, for people.
    private func tell(_ submitted: SubmittedJob) throws {
        let kept = submitted.job.job
        let seconds = Int(submitted.estimate.seconds.rounded(.up))
        Terminal.note(
            """
            \(kept.state.rawValue), \(kept.progress.done) of \(kept.progress.total) shards done; about \
            \(ProgressLine.duration(Double(seconds))) on two cores in all\(submitted.isNew ? "" : "; it was there already")

              switchback jobs watch \(kept.id)\(job.place.words)
              switchback jobs result \(kept.id)\(job.place.words) -o FILE
              switchback jobs cancel \(kept.id)\(job.place.words)
              of a service with this data: /jobs/\(kept.id), /jobs/\(kept.id)/events, /jobs/\(kept.id)/result
            """)
        try OutputSink(path: nil).write(Array("\(kept.id)\n".utf8))
    }
}
