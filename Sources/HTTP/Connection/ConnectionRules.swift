/// What holds for every connection of a server, in one object that all of them share.
public final class ConnectionRules: Sendable {
    /// How large a message may be.
    public let limits: Limits
    /// How long each state of a connection may last.
    public let timeouts: Timeouts

    /// The rules that these are.
    public init(limits: Limits = Limits(), timeouts: Timeouts = Timeouts()) {
        self.limits = limits
        self.timeouts = timeouts
    }
}
