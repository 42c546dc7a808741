/// The duty of removing jobs that ended long ago, with their inputs, results and events.
public struct JobPruning: Sendable {
    private let store: any JobStore
    private let maximumAge: Int64
    private let batch: Int

    /// Removes from `store` jobs that ended more than `maximumAge` milliseconds ago, up to `batch` of them in one
    /// transaction, so that nobody waits long for it.
    public init(_ store: any JobStore, maximumAge: Int64, batch: Int = 20) {
        precondition(maximumAge >= 0 && batch >= 1, "an age of \(maximumAge) ms, a batch of \(batch) jobs")
        self.store = store
        self.maximumAge = maximumAge
        self.batch = batch
    }

    /// Removes every such job; the number of them.
    @discardableResult
    public func runOnce(now: WallTime) throws(JobsError) -> Int {
        var count = 0
        while true {
            let pruned = try store.prune(endedBefore: now.advanced(byMilliseconds: -maximumAge), limit: batch)
            count += pruned
            if pruned < batch { return count }
        }
    }
}
