internal import Jobs

extension ExplanationJobs {
    /// Throws `SwitchbackError.datasetInUse` where a job that has not ended is about a data set of that name.
    public func requireNone(about dataset: String) throws {
        do {
            let open = JobFilter(states: [.available, .running, .retryable])
            var cursor: JobCursor?
            repeat {
                let page = try store.jobs(open, after: cursor, limit: 500)
                for job in page.jobs {
                    // One that this version cannot read may be about it.
                    if let known = try? ExplanationJob(job), known.dataset?.name != dataset { continue }
                    throw SwitchbackError.datasetInUse(
                        reason:
                            "job '\(job.id)', which has not ended, needs the data set '\(dataset)': wait, or cancel it")
                }
                cursor = page.next
            } while cursor != nil
        } catch {
            throw SwitchbackError.translating(error)
        }
    }
}
