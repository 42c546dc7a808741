/// The right of one worker to work on one shard for a while.
public struct Lease: Equatable, Sendable {
    /// Tells this lease from every other one: whoever names it holds it.
    public var token: LeaseToken
    /// The worker that holds it, for those who look on.
    public var worker: String
    /// When the shard may be given to another worker unless a heartbeat comes before.
    public var until: WallTime

    /// A lease of these parts.
    public init(token: LeaseToken, worker: String, until: WallTime) {
        self.token = token
        self.worker = worker
        self.until = until
    }
}
