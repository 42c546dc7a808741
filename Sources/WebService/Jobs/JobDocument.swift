public import Jobs
public import Switchback

/// A job as the service writes it.
public struct JobDocument {
    let job: ExplanationJob
    private let now: WallTime
    private let estimate: CostSummary?

    /// The document of `job` at `now`, with what it will cost where that is told.
    public init(_ job: ExplanationJob, now: WallTime, estimate: CostSummary? = nil) {
        self.job = job
        self.now = now
        self.estimate = estimate
    }

    /// The document.
    public var json: JSON {
        let kept = job.job
        var members = [
            JSON.Member("id", .string(kept.id.text)), JSON.Member("kind", .string(job.kind.rawValue)),
            JSON.Member("state", .string(kept.state.rawValue)), JSON.Member("model", .string(job.model)),
            JSON.Member("image", .optional(job.image)),
            JSON.Member(
                "dataset",
                job.dataset.map { .members(["name": .string($0.name), "sha256": .string($0.sha256)]) } ?? .null),
            JSON.Member("options", .object(job.options.map { JSON.Member($0.name, .string($0.value)) })),
            JSON.Member(
                "progress",
                .members(["done": .integer(kept.progress.done), "total": .integer(kept.progress.total)])),
            JSON.Member("attempts", .integer(kept.attempts)), fault,
            JSON.Member("created", .string(Timestamp.text(kept.created))),
            JSON.Member("scheduled", .string(Timestamp.text(kept.scheduled))),
            JSON.Member("started", .optional(kept.started.map(Timestamp.text))),
            finished,
            JSON.Member("rate", rateJSON), JSON.Member("estimated_end", endJSON),
        ]
        if let estimate { members.append(JSON.Member("estimate", Self.json(of: estimate))) }
        members.append(JSON.Member("links", links))
        return .object(members)
    }

    /// The first members of every event.
    var standing: [JSON.Member] {
        [
            JSON.Member("state", .string(job.job.state.rawValue)),
            JSON.Member("done", .integer(job.job.progress.done)),
            JSON.Member("total", .integer(job.job.progress.total)),
        ]
    }

    var fault: JSON.Member { JSON.Member("error", .optional(job.job.error)) }
    var finished: JSON.Member { JSON.Member("finished", .optional(job.job.finished.map(Timestamp.text))) }
    var rateJSON: JSON { rate.map(JSON.double) ?? .null }
    var endJSON: JSON { .optional(estimatedEnd.map(Timestamp.text)) }

    /// Shards a second of the time in which somebody worked on them; nil before one is done.
    private var rate: Double? {
        guard job.job.progress.done > 0 else { return nil }
        return Double(job.job.progress.done) / (Double(max(1, job.job.worked)) / 1000)
    }

    /// When the job would end at that rate; nil unless it runs.
    public var estimatedEnd: WallTime? {
        guard job.job.state == .running, let rate else { return nil }
        let left = Double(job.job.progress.total - job.job.progress.done)
        return now.advanced(byMilliseconds: Int64((left / rate * 1000).rounded()))
    }

    /// Where the job is.
    var address: String { Address.job(job.job.id.text) }

    var links: JSON {
        .members([
            "self": .string(address), "events": .string(address + "/events"),
            "partial": .string(address + "/partial"), "result": .string(address + "/result"),
        ])
    }

    private static func json(of estimate: CostSummary) -> JSON {
        .members([
            "forward_passes": .integer(estimate.forwardPasses), "multiply_adds": .integer(estimate.multiplyAdds),
            "bytes": .integer(estimate.bytes), "seconds": .double(estimate.seconds),
        ])
    }
}
