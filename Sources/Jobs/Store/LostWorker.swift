/// What is said of a job whose worker was not heard of in time.
package enum LostWorker {
    /// The reason, in words.
    package static func reason(_ worker: String, shard: Int) -> String {
        "worker '\(worker)' was not heard of while it had shard \(shard)"
    }
}
