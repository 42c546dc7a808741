import ArgumentParser
import Jobs
import Switchback

/// The form and place of a job's answer.
struct ResultArguments: ParsableArguments {
    @Option(help: ArgumentHelp("What lies behind a heatmap: opaque or none.", valueName: "what"))
    var background: String?
    @OptionGroup var form: FormArguments

    /// What the job was asked for, to be answered in this form.
    ///
    /// - Throws: where there is no such job, no such form, or where the answer would be binary and go to a terminal.
    func request(of id: String, from jobs: ExplanationJobs) throws -> ResolvedRequest {
        let request = try jobs.request(
            of: id, output: GivenOption.list([("background", background)]) + form.given,
            acceptedFormat: form.impliedFormat)
        try form.check(request.output)
        return request
    }
}

/// `switchback jobs result`.
struct JobResult: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "result",
        abstract: "The answer of a completed job, byte for byte what the request gets at once, in any form.",
        discussion: """
            EXAMPLES
              switchback jobs result 5f0c6a1de9b24c7788d3a1b2c3d4e5f6 --data jobs -o heatmap.png
              switchback jobs result 5f0c6a1de9b24c7788d3a1b2c3d4e5f6 --data jobs --array delta -o delta.npy
            """)

    @OptionGroup var job: JobArgument
    @OptionGroup(title: "Output") var output: ResultArguments

    func run() throws {
        let jobs = try job.open()
        try jobs.requireCompleted(job.id)
        let (request, form) = (try output.request(of: job.id, from: jobs), output.form)
        try form.write(try jobs.answer(of: job.id, writing: request.output), request.output)
    }
}

/// `switchback jobs partial`.
struct PartialJobResult: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "partial",
        abstract: "What there is of a job's answer by now; what is not done stands as if it changed nothing.")

    @OptionGroup var job: JobArgument
    @OptionGroup(title: "Output") var output: ResultArguments

    func run() throws {
        let jobs = try job.open()
        let (request, form) = (try output.request(of: job.id, from: jobs), output.form)
        let (answer, progress) = try jobs.partialAnswer(of: job.id, writing: request.output)
        try form.write(answer, request.output)
        Terminal.note("\(progress.done) of \(progress.total) shards")
    }
}
