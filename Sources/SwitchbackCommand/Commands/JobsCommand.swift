import ArgumentParser
import Jobs
import Switchback
import WebService

/// `switchback jobs`.
struct JobsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs",
        abstract: "The long jobs of a folder or a database: how far they are, their results, and their end.",
        discussion: """
            Jobs come from 'switchback occlusion … --async', or from a service that keeps its data there; what is said here \
            goes for both. No service need run to see them, and one that does goes on undisturbed.

            EXAMPLES
              switchback jobs --data /var/lib/switchback
              switchback jobs list --data jobs --state running,available
              switchback jobs watch 5f0c6a1de9b24c7788d3a1b2c3d4e5f6 --data jobs
              switchback jobs result 5f0c6a1de9b24c7788d3a1b2c3d4e5f6 --data jobs -o heatmap.png
            """,
        subcommands: [
            ListJobs.self, ShowJob.self, WatchJob.self, JobResult.self, PartialJobResult.self, CancelJob.self,
        ],
        defaultSubcommand: ListJobs.self)
}

/// Which job, and where it is kept.
struct JobArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The job's name, 32 digits.", valueName: "job")) var id: String
    @OptionGroup var place: JobPlaceArguments
    @OptionGroup(title: "Model") var model: ModelArguments

    func open() throws -> ExplanationJobs { try place.open(model).parts.jobs }
}

/// `switchback jobs list`.
struct ListJobs: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Jobs, newest first.")

    @Option(help: ArgumentHelp("Those in one of these states, with commas.", valueName: "states")) var state: String?
    @Option(help: ArgumentHelp("Those of one of these kinds, with commas.", valueName: "kinds")) var kind: String?
    @Option(help: ArgumentHelp("Those that came then or later (RFC 3339).", valueName: "time"))
    var createdFrom: String?
    @Option(help: ArgumentHelp("Those that came before (RFC 3339).", valueName: "time")) var createdBefore: String?
    @Option(help: ArgumentHelp("So many at most; 50 unless told.", valueName: "n")) var limit: String?
    @Option(help: ArgumentHelp("table or json.", valueName: "format")) var format: Models.Format = .table
    @OptionGroup var place: JobPlaceArguments
    @OptionGroup(title: "Model") var model: ModelArguments

    func run() throws {
        let query = try JobListQuery(
            GivenOption.list([
                ("state", state), ("kind", kind), ("created_from", createdFrom), ("created_before", createdBefore),
                ("limit", limit),
            ]).map { ($0.name, $0.value) })
        let jobs = try place.open(model).parts.jobs
        let page = try jobs.jobs(query.filter, after: nil, limit: query.limit)
        switch format {
        case .json: try OutputSink(path: nil).write(JobListDocument(page, query, now: jobs.now()).json.encoded())
        case .table:
            try OutputSink(path: nil).write([UInt8](JobTable(jobs: page.jobs, now: jobs.now()).text.utf8))
            if page.next != nil { Terminal.note("and older ones: --limit shows more, --created-before those") }
        }
    }
}

/// `switchback jobs show`.
struct ShowJob: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "All that is known of a job.")

    @OptionGroup var job: JobArgument
    @Option(help: ArgumentHelp("table or json.", valueName: "format")) var format: Models.Format = .table

    func run() throws {
        let jobs = try job.open()
        let found = try jobs.job(job.id)
        let bytes =
            switch format {
            case .json: JobDocument(found, now: jobs.now()).json.encoded()
            case .table: [UInt8](JobTable.text(of: found, now: jobs.now()).utf8)
            }
        try OutputSink(path: nil).write(bytes)
    }
}

/// `switchback jobs watch`.
struct WatchJob: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Shows how far a job is until it has ended; Ctrl-C ends the watching alone.",
        discussion: "Ends with 0 when the job is completed, with 1 if it ends otherwise.")

    @OptionGroup var job: JobArgument

    func run() throws {
        let jobs = try job.open()
        let found = try jobs.job(job.id)
        let ended = try JobWatch(jobs, title: found.kind.rawValue).run(found.job.id)
        try JobWait.check(ended)
        Terminal.note("completed: switchback jobs result \(job.id)\(job.place.words) -o FILE")
    }
}

/// `switchback jobs cancel`.
struct CancelJob: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancels a job; what is done of it stays, and the same request goes on from there.")

    @OptionGroup var job: JobArgument

    func run() throws {
        let cancelled = try job.open().cancel(job.id).job
        Terminal.note("cancelled, \(cancelled.progress.done) of \(cancelled.progress.total) shards done")
    }
}
