/// How urgent a job is; among jobs of one priority the oldest goes first.
public enum JobPriority: String, CaseIterable, Sendable {
    /// Behind the others.
    case low
    /// What a job has unless told.
    case normal
    /// Before the others.
    case high

    /// The number that jobs are ordered by, the highest first.
    public var rank: Int {
        switch self {
        case .low: -1
        case .normal: 0
        case .high: 1
        }
    }
}
