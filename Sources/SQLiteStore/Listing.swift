internal import GRDB
internal import Jobs

/// A page of the list of jobs: one seek in an index for each state and kind asked for, merged.
struct Listing {
    let filter: JobFilter
    let cursor: JobCursor?
    let limit: Int

    /// Conditions of a query, with what stands for their question marks.
    private struct Conditions {
        var terms: [String] = []
        var values: [any DatabaseValueConvertible] = []

        mutating func add(_ term: String, _ values: any DatabaseValueConvertible...) {
            terms.append(term)
            self.values += values
        }
    }

    /// One more than the page has, if there are as many.
    func entries(in db: Database) throws -> [JobEntry] {
        var entries: [JobEntry] = []
        for conditions in branches() {
            let condition = conditions.terms.isEmpty ? "" : "WHERE " + conditions.terms.joined(separator: " AND ")
            entries += try db.all(
                "SELECT * FROM job \(condition) ORDER BY created DESC, number DESC LIMIT ?",
                StatementArguments(conditions.values + [limit + 1])
            ).map(JobEntry.init)
        }
        let sorted = entries.sorted { ($1.job.created, $1.number) < ($0.job.created, $0.number) }
        return Array(sorted.prefix(limit + 1))
    }

    /// The conditions of each query, which no two of them share a job of.
    private func branches() -> [Conditions] {
        var branches = [common()]
        if let states = filter.states {
            branches = branches.flatMap { branch in
                states.sorted { $0.rawValue < $1.rawValue }.map { state in
                    var branch = branch
                    branch.add("state = ?", state.rawValue)
                    return branch
                }
            }
        }
        if let kinds = filter.kinds {
            branches = branches.flatMap { branch in
                kinds.sorted().map { kind in
                    var branch = branch
                    branch.add("kind = ?", kind)
                    return branch
                }
            }
        }
        return branches
    }

    private func common() -> Conditions {
        var conditions = Conditions()
        if let client = filter.client { conditions.add("client = ?", client) }
        if let from = filter.createdFrom { conditions.add("created >= ?", from.milliseconds) }
        if let before = filter.createdBefore { conditions.add("created < ?", before.milliseconds) }
        if let cursor {
            conditions.add(
                "(created, number) < (?, ?)", cursor.created.milliseconds, cursor.number)
        }
        return conditions
    }
}
