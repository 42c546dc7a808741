public import Concurrency

/// Whom a worker tells what it does, on its own thread.
public struct WorkerObserver: Sendable {
    /// Told of every outcome.
    public var outcome: @Sendable (Worker.Outcome) -> Void
    /// Told how long the store took for each claim.
    public var claimed: @Sendable (Timeout) -> Void

    /// Nobody, unless told.
    public init(
        outcome: @escaping @Sendable (Worker.Outcome) -> Void = { _ in },
        claimed: @escaping @Sendable (Timeout) -> Void = { _ in }
    ) {
        self.outcome = outcome
        self.claimed = claimed
    }
}
