/// The duty of taking shards back from workers that were not heard of in time.
public struct LeaseRescue: Sendable {
    private let store: any JobStore
    private let batch: Int

    /// Takes leases in `store` back, up to `batch` of them in one transaction.
    public init(_ store: any JobStore, batch: Int = 100) {
        precondition(batch >= 1, "a batch of \(batch) leases")
        self.store = store
        self.batch = batch
    }

    /// Takes back every lease whose time was over before `now`; the number of them.
    @discardableResult
    public func runOnce(now: WallTime) throws(JobsError) -> Int {
        var count = 0
        while true {
            let rescued = try store.rescue(limit: batch, now: now)
            count += rescued
            if rescued < batch { return count }
        }
    }
}
