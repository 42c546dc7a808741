internal import Jobs

/// Rows as values of the module `Jobs`; what no version of this store has written is an error.
extension SQLRow {
    func time(_ column: String) throws -> WallTime { WallTime(milliseconds: try integer(column)) }

    func optionalTime(_ column: String) -> WallTime? {
        optionalInteger(column).map(WallTime.init(milliseconds:))
    }

    func state(_ column: String) throws -> JobState { try value(column, JobState.init(rawValue:)) }

    func job() throws -> Job {
        Job(
            id: try value("id", JobID.init), kind: try text("kind"), requirement: try text("requirement"),
            payload: try bytes("payload"), client: try text("client"), priority: try count("priority"),
            state: try state("state"), attempts: try count("attempts"), maximumAttempts: try count("maximum_attempts"),
            created: try time("created"), scheduled: try time("scheduled"), started: optionalTime("started"),
            finished: optionalTime("finished"), error: optionalText("error"), progress: try progress(),
            worked: try integer("worked"), workedFrom: optionalTime("worked_from"))
    }

    func shard(of job: JobID) throws -> JobShard {
        JobShard(job: job, index: try count("place"), items: try bytes("items"), state: try shardState())
    }

    func lease() throws -> Lease {
        Lease(token: try value("lease", LeaseToken.init), worker: try text("worker"), until: try time("until"))
    }

    func event(of job: JobID) throws -> JobEvent {
        JobEvent(
            number: try integer("number"), job: job, time: try time("time"),
            kind: try value("kind", JobEvent.Kind.init(rawValue:)), state: try state("state"),
            progress: try progress(), error: optionalText("error"))
    }

    private func progress() throws -> JobProgress {
        JobProgress(done: try count("done"), total: try count("total"))
    }

    private func shardState() throws -> JobShard.State {
        let number = try integer("state")
        switch ShardState(rawValue: number) {
        case .waiting: return .waiting(from: optionalTime("due"))
        case .leased: return .leased(try lease())
        case .done: return .done
        case nil: throw JobsError.failed(operation: "read a shard", reason: "it has the state \(number)")
        }
    }

    private func value<Value>(_ column: String, _ make: (String) -> Value?) throws -> Value {
        let text = try text(column)
        guard let value = make(text) else {
            throw JobsError.failed(operation: "read a job", reason: "its '\(column)' is '\(text)'")
        }
        return value
    }
}

/// Where a shard stands, as the numbers of the table.
enum ShardState: Int64 {
    case waiting = 0
    case leased = 1
    case done = 2
}
