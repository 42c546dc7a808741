internal import Concurrency
internal import HTTP
internal import HTTPTypes
internal import Jobs
internal import Switchback

/// `GET /jobs`, `GET` and `DELETE` of `/jobs/{id}`, and `GET` of its `events`, its `result` and its `partial` result.
///
/// A client sees its own jobs; one that may manage sees all.
struct JobsRoute: Sendable {
    enum Operation: Sendable {
        case list
        case get
        case cancel
        case events
        case result
        case partial
    }

    let jobs: ServiceJobs
    let result: JobResultRoute

    func register(in router: inout Router<WebService.Route>, counting registry: PrometheusRegistry) {
        jobs.register(in: registry)
        router.on(.get, Address.jobs, .jobs(self, .list))
        router.on(.get, Address.job("{id}"), .jobs(self, .get))
        router.on(.delete, Address.job("{id}"), .jobs(self, .cancel))
        router.on(.get, Address.job("{id}") + "/events", .jobs(self, .events))
        router.on(.get, Address.job("{id}") + "/result", .jobs(self, .result))
        router.on(.get, Address.job("{id}") + "/partial", .jobs(self, .partial))
    }

    func respond(
        to request: Request, _ operation: Operation, id: String, asker: Asker, token: CancellationToken
    ) throws -> Response {
        switch operation {
        case .list: return try list(request, asker)
        case .get: return document(try job(id, asker))
        case .cancel: return document(try cancel(try job(id, asker)))
        case .events:
            return try JobEventsRoute(streams: jobs.events)
                .respond(to: request, job: try job(id, asker), asker: asker)
        case .result: return try result.respond(to: request, job: try job(id, asker), token: token)
        case .partial: return try result.respondPartially(to: request, job: try job(id, asker), token: token)
        }
    }

    private func list(_ request: Request, _ asker: Asker) throws -> Response {
        let query = try JobListQuery(request.target.query.map { ($0.name, $0.value) })
        var filter = query.filter
        if !asker.managesAll { filter.client = asker.name }
        let page = try jobs.jobs.jobs(filter, after: query.cursor, limit: query.limit)
        return Response(json: JobListDocument(page, query, now: jobs.jobs.now()).json)
    }

    /// The job, if it is the asker's to see: who may not see it is told that there is none.
    private func job(_ id: String, _ asker: Asker) throws -> ExplanationJob {
        let job = try jobs.jobs.job(id)
        guard asker.maySee(jobsOf: job.job.client) else { throw SwitchbackError.noJob(id: id) }
        return job
    }

    /// The job behind the end of its work; one that has ended stays as it is, so that a repetition does no harm.
    private func cancel(_ job: ExplanationJob) throws -> ExplanationJob {
        if job.job.state.isEnded { return job }
        let id = job.job.id.text
        do {
            let cancelled = try jobs.jobs.cancel(id)
            jobs.cancelled(id)
            jobs.events.changed(id)
            return cancelled
        } catch SwitchbackError.jobState {
            // It ended at this very moment.
            return try jobs.jobs.job(id)
        }
    }

    private func document(_ job: ExplanationJob) -> Response {
        Response(json: JobDocument(job, now: jobs.jobs.now()).json)
    }
}
