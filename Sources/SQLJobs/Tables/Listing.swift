internal import Jobs

/// A page of the list of jobs: one seek in an index for each state and kind asked for, merged.
struct Listing {
    let filter: JobFilter
    let cursor: JobCursor?
    let limit: Int

    /// Conditions of a query, with the values that they are about.
    private struct Conditions {
        var terms: [String] = []
        var values: [SQLValue] = []

        /// Adds a condition whose `?`s are about `values`.
        mutating func add(_ term: String, _ values: SQLValue...) {
            var text = ""
            var next = self.values.count
            for character in term {
                if character == "?" { next += 1 }
                text += character == "?" ? "$\(next)" : String(character)
            }
            terms.append(text)
            self.values += values
        }
    }

    /// One more than the page has, if there are as many.
    func entries(in db: any SQLTransaction) throws -> [JobEntry] {
        var entries: [JobEntry] = []
        for var conditions in branches() {
            let condition = conditions.terms.isEmpty ? "" : "WHERE " + conditions.terms.joined(separator: " AND ")
            conditions.values.append(.count(limit + 1))
            entries += try db.all(
                "SELECT * FROM job \(condition) ORDER BY created DESC, number DESC LIMIT $\(conditions.values.count)",
                conditions.values
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
                    branch.add("state = ?", .text(state.rawValue))
                    return branch
                }
            }
        }
        if let kinds = filter.kinds {
            branches = branches.flatMap { branch in
                kinds.sorted().map { kind in
                    var branch = branch
                    branch.add("kind = ?", .text(kind))
                    return branch
                }
            }
        }
        return branches
    }

    private func common() -> Conditions {
        var conditions = Conditions()
        if let client = filter.client { conditions.add("client = ?", .text(client)) }
        if let from = filter.createdFrom { conditions.add("created >= ?", .integer(from.milliseconds)) }
        if let before = filter.createdBefore { conditions.add("created < ?", .integer(before.milliseconds)) }
        if let cursor {
            conditions.add(
                "(created, number) < (?, ?)", .integer(cursor.created.milliseconds), .integer(cursor.number))
        }
        return conditions
    }
}
