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

    /// Lets go what nobody will use of the data sets that are kept: what is left of uploads that were killed, and sets of
    /// configuration that no job is about.
    ///
    /// Both go after some hours. To be called every now and then.
    public func tidyDatasets() throws {
        do {
            try datasets.tidy(now: now()) { try isAsked(about: $0) }
        } catch {
            throw SwitchbackError.translating(error)
        }
    }

    /// Whether there is a job about exactly that set, in whatever state: results may need the images too.
    func isAsked(about dataset: Dataset) throws -> Bool {
        let filter = JobFilter(kinds: [ExplanationKind.ablation.rawValue, ExplanationKind.topImages.rawValue])
        let reference = ExplanationJob.Reference(name: dataset.name, sha256: dataset.digest)
        var cursor: JobCursor?
        repeat {
            let page = try store.jobs(filter, after: cursor, limit: 500)
            // One that this version cannot read may be about it.
            if page.jobs.contains(where: { (try? ExplanationJob($0)).map { $0.dataset == reference } ?? true }) {
                return true
            }
            cursor = page.next
        } while cursor != nil
        return false
    }
}
