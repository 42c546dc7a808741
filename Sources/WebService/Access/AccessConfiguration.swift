public import Concurrency

/// Who may use the service, as the operator says.
public struct AccessConfiguration: Sendable, Equatable {
    /// The file of bearer tokens (``TokenFile`` tells its form); nil: nobody is asked for one.
    public var tokenFile: String?
    /// A file of at least 32 secret bytes that sign links; nil: a key of this run, so that links end with it.
    public var signingKeyFile: String?
    /// For how long a signed link is good at most (default: 7 days).
    public var maximumLinkLifetime = Timeout.seconds(7 * 86_400)
    /// The origins whose pages may read answers and show pictures: `https://app.example`, or `*` for all, which only a
    /// service without tokens may say.
    public var allowedOrigins: [String] = []
    /// Whether `/metrics` is answered without a token (default: false).
    public var metricsAreOpen = false

    /// Everything is open, to no page of another origin.
    public init() {}
}

/// What a token allows.
public enum AccessScope: String, Sendable, Equatable, CaseIterable {
    /// To ask for everything.
    case read
    /// To delete and to change.
    case manage
}
