internal import Foundation
internal import GRDB
internal import Jobs

/// Rows as values of the module `Jobs`; what no version of this store has written is an error.
extension Row {
    func bytes(_ column: String) -> [UInt8] { [UInt8](self[column] as Data) }

    func time(_ column: String) -> WallTime { WallTime(milliseconds: self[column]) }

    func optionalTime(_ column: String) -> WallTime? {
        (self[column] as Int64?).map(WallTime.init(milliseconds:))
    }

    func state(_ column: String) throws -> JobState {
        try value(column, JobState.init(rawValue:))
    }

    func jobID(_ column: String) throws -> JobID { try value(column, JobID.init) }

    func job() throws -> Job {
        Job(
            id: try jobID("id"), kind: self["kind"], requirement: self["requirement"], payload: bytes("payload"),
            client: self["client"], priority: self["priority"], state: try state("state"), attempts: self["attempts"],
            maximumAttempts: self["maximum_attempts"], created: time("created"), scheduled: time("scheduled"),
            started: optionalTime("started"), finished: optionalTime("finished"), error: self["error"],
            progress: JobProgress(done: self["done"], total: self["total"]))
    }

    func shard(of job: JobID) throws -> JobShard {
        JobShard(job: job, index: self["place"], items: bytes("items"), state: try shardState())
    }

    func lease() throws -> Lease {
        Lease(token: try value("lease", LeaseToken.init), worker: self["worker"], until: time("until"))
    }

    func event(of job: JobID) throws -> JobEvent {
        JobEvent(
            number: self["number"], job: job, time: time("time"),
            kind: try value("kind", JobEvent.Kind.init(rawValue:)),
            state: try state("state"), progress: JobProgress(done: self["done"], total: self["total"]),
            error: self["error"])
    }

    private func shardState() throws -> JobShard.State {
        switch ShardState(rawValue: self["state"]) {
        case .waiting: .waiting(from: optionalTime("due"))
        case .leased: .leased(try lease())
        case .done: .done
        case nil: throw JobsError.failed(operation: "read a shard", reason: "it has the state \(self["state"] as Int)")
        }
    }

    private func value<Value>(_ column: String, _ make: (String) -> Value?) throws -> Value {
        let text: String = self[column]
        guard let value = make(text) else {
            throw JobsError.failed(operation: "read a job", reason: "its '\(column)' is '\(text)'")
        }
        return value
    }
}

extension [UInt8] {
    var data: Data { Data(self) }
}
