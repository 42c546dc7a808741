/// Why a store could not do what it was asked.
public enum JobsError: Error, Equatable, Sendable {
    /// There is no job with that name, or no longer.
    case unknownJob(JobID)
    /// The lease was taken away: its time was over, or the job has ended. Nothing was changed.
    case leaseLost(LeaseToken)
    /// A job that has ended cannot be cancelled.
    case ended(JobID, JobState)
    /// The client has used this key for another request.
    case keyUsed(String)
    /// The client has as many jobs that have not ended as it may.
    case tooManyJobs(client: String, maximum: Int)
    /// The medium is full, or the store as large as it may be. Nothing was changed.
    case noSpace
    /// Somebody else has locked the store for too long. Nothing was changed.
    case busy
    /// The database that keeps the jobs cannot be reached, and may be again; `reason` says why, and what to check.
    case away(reason: String)
    /// The store does not work; `reason` is its own.
    case failed(operation: String, reason: String)
}

extension JobsError: CustomStringConvertible {
    /// What was refused, in words.
    public var description: String {
        switch self {
        case .unknownJob(let id): "there is no job '\(id)', or no longer"
        case .leaseLost(let token): "the lease '\(token)' was taken away, and its result is not counted"
        case .ended(let id, let state): "job '\(id)' is \(state.rawValue) and cannot be cancelled"
        case .keyUsed(let key): "the idempotency key '\(key)' was used for another request"
        case .tooManyJobs(_, let maximum):
            "there are \(maximum) jobs of this client that have not ended, as many as it may have"
        case .noSpace: "the store of jobs is full"
        case .busy: "the store of jobs is in use by somebody else for too long"
        case .away(let reason): "the store of jobs cannot reach the database: \(reason)"
        case .failed(let operation, let reason): "the store of jobs cannot \(operation): \(reason)"
        }
    }
}
