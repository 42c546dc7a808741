internal import HTTP
internal import Jobs
internal import Switchback

/// What there is to tell of a job to a client that has seen some of it: always how it stands now, never what was in
/// between.
struct JobEvents {
    private let document: JobDocument
    private let job: ExplanationJob

    init(_ job: ExplanationJob, now: WallTime) {
        self.job = job
        document = JobDocument(job, now: now)
    }

    /// The events behind `seen`, as they are sent, and the mark of the last one; nil where there is nothing new.
    func behind(_ seen: JobEventMark?) -> (bytes: [UInt8], mark: JobEventMark)? {
        let now = JobEventMark(job.job, knowsPartial: false)
        guard !job.job.state.isEnded else {
            if let seen, seen.isSame(as: now) { return nil }
            return (event("end", document.end, now), now)
        }
        let knowsPartial = seen?.done == now.done && seen?.knowsPartial == true
        let tellsPartial = job.hasPartialAnswer && !knowsPartial
        var (bytes, mark): ([UInt8], JobEventMark?) = ([], nil)
        if !(seen?.isSame(as: now) ?? false) {
            let own = JobEventMark(job.job, knowsPartial: knowsPartial)
            bytes += event("progress", document.progress, own)
            mark = own
        }
        if tellsPartial {
            let own = JobEventMark(job.job, knowsPartial: true)
            bytes += event("partial", document.partial, own)
            mark = own
        }
        return mark.map { (bytes, $0) }
    }

    private func event(_ name: String, _ data: JSON, _ mark: JobEventMark) -> [UInt8] {
        // Without the line feed behind it.
        let text = String(decoding: data.encoded().dropLast(), as: UTF8.self)
        return ServerSentEvent(name: name, data: text, id: mark.text).bytes
    }
}

extension JobDocument {
    /// How far the job is.
    var progress: JSON {
        .object(standing + [JSON.Member("rate", rateJSON), JSON.Member("estimated_end", endJSON), shortFault])
    }

    /// Where its sharper partial result is.
    var partial: JSON {
        .object(standing + [JSON.Member("links", .members(["partial": .string(address + "/partial")]))])
    }

    /// How it ended.
    var end: JSON { .object(standing + [shortFault, finished, JSON.Member("links", links)]) }

    /// What went wrong, cut so that an event stays a piece that a stream may have, however it has to be escaped; the
    /// job's own document has all of it.
    private var shortFault: JSON.Member {
        let text = job.job.error.map { String(String.UnicodeScalarView($0.unicodeScalars.prefix(400))) }
        return JSON.Member("error", .optional(text))
    }
}
