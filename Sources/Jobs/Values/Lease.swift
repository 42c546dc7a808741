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

/// The name of a lease: 32 hexadecimal digits that no other lease has had.
public struct LeaseToken: Hashable, Sendable, CustomStringConvertible {
    /// The 32 digits.
    public let text: String

    /// The lease with that name; nil for a text that is none.
    public init?(_ text: String) {
        guard RandomName.isName(text) else { return nil }
        self.text = text
    }

    /// A name of 128 bits from `generator`.
    public init(using generator: inout some RandomNumberGenerator) {
        text = RandomName.make(using: &generator)
    }

    /// The 32 digits.
    public var description: String { text }
}
