public import Jobs
public import Switchback

/// A page of jobs as the service writes it.
public struct JobListDocument {
    /// The document.
    public let json: JSON

    /// The document of `page`, the answer to `query`, at `now`.
    public init(_ page: ExplanationJobPage, _ query: JobListQuery, now: WallTime) {
        json = .members([
            "jobs": .array(page.jobs.map { JobDocument($0, now: now).json }),
            "next": .optional(page.next.map(query.address)),
        ])
    }
}
