import Jobs
import Switchback
import WebService

/// Jobs as a table for people.
struct JobTable {
    let jobs: [ExplanationJob]
    let now: WallTime

    var text: String {
        var table = TextTable(["job", "kind", "state", "done", "of", "model", "came"], rightAligned: [3, 4])
        for job in jobs {
            table.rows.append([
                job.job.id.text, job.kind.rawValue, job.job.state.rawValue, String(job.job.progress.done),
                String(job.job.progress.total), job.model, Self.ago(job.job.created, now),
            ])
        }
        return table.text
    }

    /// One job with all that is known of it.
    static func text(of job: ExplanationJob, now: WallTime) -> String {
        let kept = job.job
        var lines = [
            ("job", kept.id.text), ("kind", job.kind.rawValue), ("state", kept.state.rawValue),
            ("done", "\(kept.progress.done) of \(kept.progress.total) shards"), ("model", job.model),
            job.dataset.map { ("data set", "\($0.name) (\($0.sha256))") } ?? ("image", job.subject),
            ("options", job.options.map { "\($0.name)=\($0.value)" }.joined(separator: " ")),
            ("came", ago(kept.created, now)),
        ]
        if let started = kept.started { lines.append(("started", ago(started, now))) }
        if let finished = kept.finished { lines.append(("ended", ago(finished, now))) }
        if kept.attempts > 0 { lines.append(("failed attempts", String(kept.attempts))) }
        if let error = kept.error { lines.append(("error", error)) }
        if let end = JobDocument(job, now: now).estimatedEnd {
            lines.append(("left", duration(from: now, to: end)))
        }
        let width = lines.map(\.0.count).max() ?? 0
        return lines.map { name, value in
            name + String(repeating: " ", count: width - name.count) + "  \(value)\n"
        }.joined()
    }

    private static func ago(_ time: WallTime, _ now: WallTime) -> String { duration(from: time, to: now) + " ago" }

    private static func duration(from start: WallTime, to end: WallTime) -> String {
        ProgressLine.duration(Double(max(0, end.milliseconds - start.milliseconds)) / 1000)
    }
}
